//! Flags that belong to a run: from settings into a plan, and from a plan to a store.

use std::path::Path;
use std::sync::Arc;

use handover_flags::FlagStore;
use handover_rollout::{FlagChange, FlagMoment, FlagStoreAt, OnRollback, Plan, RunFlags};
use handover_runbook::Record;

use super::closed::Closed;
use super::store;
use crate::settings::{self, Settings};

/// Where the settings say that flags are kept.
pub(crate) fn store_at(settings: &Settings) -> Option<FlagStoreAt> {
    let flags = settings.flags.as_ref()?;
    let address = flags.store.as_ref().map(|address| match address.file() {
        Some(path) => format!("file:{}", settings.folder().join(path).display()),
        None => address.as_str().to_owned(),
    });
    let variable = flags.store_env.as_ref().map(|name| FlagStoreAt::Variable(name.as_str().to_owned()));
    address.map(FlagStoreAt::Address).or(variable).or_else(|| flags.store_file.clone().map(FlagStoreAt::File))
}

/// The flags that a deployment sets.
pub(crate) fn changes(settings: &Settings) -> Vec<FlagChange> {
    settings.flags.iter().flat_map(|flags| &flags.set).map(change).collect()
}

fn change(set: &settings::FlagSet) -> FlagChange {
    FlagChange {
        flag: set.name().clone(),
        to: set.to,
        at: match set.at {
            settings::FlagMoment::BeforeLaunch => FlagMoment::BeforeLaunch,
            settings::FlagMoment::BeforeShift => FlagMoment::BeforeShift,
            settings::FlagMoment::AtFull => FlagMoment::AtFull,
            settings::FlagMoment::AfterBake => FlagMoment::AfterBake,
        },
        on_rollback: match set.on_rollback {
            settings::OnRollback::Restore => OnRollback::Restore,
            settings::OnRollback::Keep => OnRollback::Keep,
            settings::OnRollback::Kill => OnRollback::Kill,
        },
    }
}

/// The flags of a run that goes on from these records; `None` where it has none. A store that cannot be opened is said
/// where the run comes to it: the driver of a run must always come up.
pub(crate) fn run_flags(plan: &Plan, records: &[Record]) -> Option<Arc<RunFlags>> {
    let at = plan.flag_store.as_ref().filter(|_| !plan.flags.is_empty())?;
    let store: Arc<dyn FlagStore> = match store::open_at(at, Path::new("/")) {
        Ok(store) => store,
        Err(failure) => Arc::new(Closed { why: failure.causes().join(": ") }),
    };
    Some(Arc::new(RunFlags::new(store, records)))
}
