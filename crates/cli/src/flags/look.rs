//! Before a run: whether the store answers and takes changes, and what each flag is.

use std::collections::BTreeMap;
use std::fmt;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use handover_flags::{Change, Contents, FlagName, FlagStore, Held, Key, StoreError};
use handover_rollout::{FlagChange, FlagStoreAt};
use serde::Serialize;
use tokio::time::timeout;

use super::store;
use crate::exit::Exit;
use crate::report::Failure;

const ATTEMPTED: &str = "could not see to the flags of the run";
const LIMIT: Duration = Duration::from_secs(5);

/// The flags of a plan as they are now.
#[derive(Debug, Serialize)]
pub(crate) struct FlagsLook {
    store: String,
    /// Each flag's text; `None` where it is not set.
    now: BTreeMap<FlagName, Option<String>>,
}

impl FlagsLook {
    /// In one line.
    pub(crate) fn brief(&self) -> String {
        let now = self.now.iter().map(|(flag, now)| format!("{flag} is {}", now_words(now.as_deref())));
        format!("{} answers and takes changes; {}", self.store, now.collect::<Vec<_>>().join(", "))
    }
}

fn now_words(now: Option<&str>) -> String {
    now.map_or_else(|| "not set".into(), |text| text.escape_debug().to_string())
}

impl fmt::Display for FlagsLook {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "flags in {}, which answers and takes changes", self.store)?;
        self.now
            .iter()
            .try_for_each(|(flag, now)| write!(f, "\n  {flag:<18} {} now", now_words(now.as_deref())))
    }
}

/// Looks, and changes nothing; `None` where a run has no flags.
///
/// # Errors
///
/// The store cannot be opened, does not answer, or takes no changes: the run would fail where it comes to its flags.
pub(crate) async fn look(
    at: Option<&FlagStoreAt>,
    changes: &[FlagChange],
) -> Result<Option<FlagsLook>, Failure> {
    let Some(at) = at.filter(|_| !changes.is_empty()) else { return Ok(None) };
    let store = store::open_at(at, Path::new("/"))?;
    let looked = timeout(LIMIT, look_at(&store, changes)).await.unwrap_or_else(|_| {
        let source = format!("no answer within {LIMIT:?}").into();
        Err(StoreError::Unreachable { store: store.name(), source })
    });
    looked.map(Some).map_err(|error| {
        Failure::new(ATTEMPTED, Exit::Refused)
            .because_of(&error)
            .hint("a deployment that cannot set its flags is not promoted: mend the store, or take `[[flags.set]]` out of handover.toml")
    })
}

async fn look_at(store: &Arc<dyn FlagStore>, changes: &[FlagChange]) -> Result<FlagsLook, StoreError> {
    if !store.capabilities().writes {
        return Err(store.cannot("be changed"));
    }
    let contents = store.load().await?;
    let names = changes.iter().map(|change| &change.flag);
    let now = names.clone().map(|flag| (flag.clone(), text(&contents, flag))).collect();
    if let Some(flag) = names.clone().next() {
        takes_changes(store, flag).await?;
    }
    Ok(FlagsLook { store: store.name(), now })
}

fn text(contents: &Contents, flag: &FlagName) -> Option<String> {
    contents.values.get(&Key::Gate(flag.clone())).map(|held| match held {
        Held::Text(text) => text.chars().take(40).collect(),
        Held::Unreadable(why) => format!("unreadable: {why}"),
    })
}

/// A change that is meant for what surely does not stand there: it goes all the way, and changes nothing.
async fn takes_changes(store: &Arc<dyn FlagStore>, flag: &FlagName) -> Result<(), StoreError> {
    let never = Held::from("(whether changes are taken)");
    let change = Change::by("handover").because("a look before a deployment").only_if(Some(never));
    match store.put(&Key::Gate(flag.clone()), "false", &change).await {
        Ok(_) | Err(StoreError::Conflict { .. }) => Ok(()),
        Err(error) => Err(error),
    }
}
