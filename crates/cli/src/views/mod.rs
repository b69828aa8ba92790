//! The views of the settings as probes over HTTP: where `handover-health` asks, `handover-rollout` decides, and
//! `handover-monitor` counts.

mod mark;
mod probe;

use std::sync::Arc;

use handover_health::{Quorum, Schedule, View, Views};
use handover_rollout::{Outlook, Plan, ViewsSpec};
use handover_runbook::Record;

pub(crate) use mark::Mark;
pub(crate) use probe::MarkedProbe;

use crate::exit::Exit;
use crate::report::Failure;

/// What a run of this plan sees from outside, from now on; `records` are those it has so far.
///
/// # Errors
///
/// An address cannot be asked.
pub(crate) fn outlook(plan: &Plan, records: &[Record], mark: &Mark) -> Result<Option<Arc<Outlook>>, Failure> {
    let Some(spec) = &plan.views else { return Ok(None) };
    let views = Views::spawn(quorum(spec, mark)?, schedule(spec));
    Ok(Some(Arc::new(Outlook::new(views, records))))
}

/// Every view of these.
///
/// # Errors
///
/// An address cannot be asked.
pub(crate) fn quorum(spec: &ViewsSpec, mark: &Mark) -> Result<Quorum, Failure> {
    let views = spec.addresses.iter().map(|address| view(address, mark));
    let views = views.collect::<Result<Vec<_>, _>>()?;
    Quorum::new(views, spec.need).map_err(|error| Failure::of("could not use the views", Exit::Usage, &error))
}

fn view(address: &str, mark: &Mark) -> Result<View, Failure> {
    let probe = MarkedProbe::new(address, mark.clone());
    let probe =
        probe.map_err(|e| Failure::new(format!("could not ask {address}"), Exit::Usage).because_of(&e))?;
    Ok(View::new(address, probe))
}

fn schedule(spec: &ViewsSpec) -> Schedule {
    let schedule = Schedule::default().with_period(spec.interval).with_timeout(spec.timeout);
    schedule.with_rise_fall(spec.rise, spec.fall)
}
