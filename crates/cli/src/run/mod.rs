//! A run from sealing to its driver: the wiring between settings, journal, agent and engine.

mod agent;
mod driver;
mod failpoint;
mod lease;
mod release;
mod seal;
mod start;

pub(crate) use agent::{Reached, at_the_helm, ensure_agent, running_agent, start_own_agent};
pub(crate) use driver::{JOURNAL, drive, exit_of, open_journal, plan_of};
pub(crate) use failpoint::guarded;
use lease::AgentLease;
pub(crate) use release::{freeze, name_release, with_wishes};
pub(crate) use seal::{Intent, Standing, new_run_id, plan};
pub(crate) use start::{refuse_busy, seal_and_start, who};
