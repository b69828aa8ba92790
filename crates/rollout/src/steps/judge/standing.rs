//! How the candidate's processes stand: what no window shows.

use std::time::Duration;

use handover_runbook::StepError;
use tokio::time::Instant;

use super::super::failed;
use crate::words::words;
use crate::{Kind, Plan, World};

/// As long as a release may take to become ready at all, by default.
const UNREADY_LIMIT: Duration = Duration::from_mins(1);

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Standing {
    Ready,
    /// Not every instance is; with what the launcher says.
    Unready(String),
    /// A process ended that nobody stopped: a release that does so under traffic is not fit for more of it.
    Crashed(String),
}

impl Standing {
    pub(super) async fn of(plan: &Plan, world: &World) -> Result<Self, StepError> {
        let candidate = &plan.candidate;
        let there = world.launcher.look(plan.slot).await;
        let there = there.map_err(|e| failed("could not ask for the candidate's health", e))?;
        let Some(occupant) = there.filter(|occupant| occupant.release == *candidate) else {
            return Ok(Self::Crashed(format!("release {candidate} is no longer in {}", plan.slot)));
        };
        // A release that was kept warm may have been restarted before this run; one that was launched by it has not.
        if plan.kind == Kind::Deploy && occupant.restarts > 0 && plan.stable.is_some() {
            let times = match occupant.restarts {
                1 => "once".to_owned(),
                times => format!("{times} times"),
            };
            return Ok(Self::Crashed(format!(
                "release {candidate} crashed: its processes ended by themselves {times}; {}",
                occupant.summary
            )));
        }
        Ok(if occupant.ready { Self::Ready } else { Self::Unready(occupant.summary) })
    }
}

/// How long it has not been ready.
#[derive(Debug, Default)]
pub(super) struct Patience {
    since: Option<Instant>,
}

impl Patience {
    /// Why the candidate is to go back, once it has not been ready for too long, or crashed.
    pub(super) fn lost(&mut self, standing: &Standing) -> Option<String> {
        let summary = match standing {
            Standing::Ready => {
                self.since = None;
                return None;
            }
            Standing::Crashed(why) => return Some(why.clone()),
            Standing::Unready(summary) => summary,
        };
        let since = *self.since.get_or_insert_with(Instant::now);
        let limit = words(UNREADY_LIMIT);
        (since.elapsed() >= UNREADY_LIMIT)
            .then(|| format!("the candidate was not ready for {limit}: {summary}"))
    }
}
