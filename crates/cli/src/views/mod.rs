//! The views of the settings as probes over HTTP: where `handover-health` asks, `handover-rollout` decides, and
//! `handover-monitor` counts.

mod counted;
mod mark;
mod probe;
mod published;

use std::sync::Arc;

use handover_health::{Quorum, Schedule, View, Views};
use handover_rollout::{Outlook, Plan, ViewsSpec};
use handover_runbook::Record;

use counted::{Books, Counted};
pub(crate) use mark::Mark;
pub(crate) use probe::MarkedProbe;
pub(crate) use published::Published;

use crate::exit::Exit;
use crate::report::Failure;

/// What a run of this plan sees from outside, from now on; `records` are those it has so far.
///
/// # Errors
///
/// An address cannot be asked.
pub(crate) fn outlook(plan: &Plan, records: &[Record], mark: &Mark) -> Result<Option<Arc<Outlook>>, Failure> {
    Ok(plan.views.as_ref().map(|spec| counted(spec, records, mark)).transpose()?.map(|(outlook, _)| outlook))
}

/// The same, with what is counted at each view.
fn counted(spec: &ViewsSpec, records: &[Record], mark: &Mark) -> Result<(Arc<Outlook>, Books), Failure> {
    let mut books = Books::new();
    let views = spec.addresses.iter().map(|address| view(address, mark, &mut books));
    let views = views.collect::<Result<Vec<_>, _>>()?;
    let quorum = Quorum::new(views, spec.need);
    let quorum = quorum.map_err(|error| Failure::of("could not use the views", Exit::Usage, &error))?;
    Ok((Arc::new(Outlook::new(Views::spawn(quorum, schedule(spec)), records)), books))
}

fn view(address: &str, mark: &Mark, books: &mut Books) -> Result<View, Failure> {
    let probe = MarkedProbe::new(address, mark.clone());
    let probe =
        probe.map_err(|e| Failure::new(format!("could not ask {address}"), Exit::Usage).because_of(&e))?;
    let series = books.entry(address.to_owned()).or_default().clone();
    Ok(View::new(address, Counted::new(probe, series)))
}

fn schedule(spec: &ViewsSpec) -> Schedule {
    let schedule = Schedule::default().with_period(spec.interval).with_timeout(spec.timeout);
    schedule.with_rise_fall(spec.rise, spec.fall)
}
