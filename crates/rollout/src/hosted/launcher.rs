use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use async_trait::async_trait;
use handover_core::{BySlot, Fence, ReleaseId, Retry, RunId, Slot, Timestamp};
use tokio::time::Instant;

use super::{Condition, Host, Roster, RosterError, Seat};
use crate::{Launcher, Occupant, WorldError};

/// A [`Host`] with a [`Roster`]: a whole launcher.
#[derive(Debug)]
pub struct HostedLauncher<H> {
    host: H,
    roster: Roster,
    seen: BySlot<Mutex<Option<Seen>>>,
}

/// A release that was ready when the host was last asked.
#[derive(Debug, Clone)]
struct Seen {
    seat: Seat,
    condition: Condition,
    at: Instant,
}

impl<H: Host> HostedLauncher<H> {
    /// `host`, with `roster` to say which release sits where.
    pub fn new(host: H, roster: Roster) -> Self {
        Self { host, roster, seen: BySlot::from_fn(|_| Mutex::new(None)) }
    }

    /// How the seat's release is; of one that was ready, an answer as old as the host's pace will do.
    async fn condition(&self, slot: Slot, seat: &Seat) -> Result<Condition, WorldError> {
        let known = self.seen[slot].lock().unwrap_or_else(PoisonError::into_inner).clone();
        if let Some(seen) = known.filter(|seen| seen.seat == *seat && seen.at.elapsed() < self.host.pace()) {
            return Ok(seen.condition);
        }
        let condition = self.host.look(slot, seat).await?;
        let ready = matches!(condition, Condition::Ready { .. });
        let seen =
            ready.then(|| Seen { seat: seat.clone(), condition: condition.clone(), at: Instant::now() });
        *self.seen[slot].lock().unwrap_or_else(PoisonError::into_inner) = seen;
        Ok(condition)
    }

    fn seat(&self, slot: Slot) -> Result<Option<Seat>, WorldError> {
        Ok(self.roster.read()?.seats[slot].clone())
    }
}

#[async_trait]
impl<H: Host> Launcher for HostedLauncher<H> {
    async fn look(&self, slot: Slot) -> Result<Option<Occupant>, WorldError> {
        let Some(seat) = self.seat(slot)? else { return Ok(None) };
        let condition = self.condition(slot, &seat).await?;
        Ok(occupant(seat.release, condition))
    }

    async fn launch(
        &self,
        slot: Slot,
        release: &ReleaseId,
        run: &RunId,
        fence: Fence,
    ) -> Result<(), WorldError> {
        let seat = Seat { release: release.clone(), run: run.clone() };
        // Written before the host acts: a launch whose answer is lost must be found by the next driver.
        self.roster.edit(fence, |standing| standing.seats[slot] = Some(seat))?;
        self.host.launch(slot, release, run).await
    }

    fn stops(&self) -> bool {
        self.host.stops()
    }

    async fn last_lines(&self, slot: Slot, _: &RunId) -> Vec<String> {
        match self.seat(slot) {
            Ok(Some(seat)) => self.host.last_lines(slot, &seat).await,
            _ => Vec::new(),
        }
    }

    async fn stop(&self, slot: Slot, release: &ReleaseId, fence: Fence) -> Result<(), WorldError> {
        let Some(seat) = self.seat(slot)?.filter(|seat| seat.release == *release) else { return Ok(()) };
        self.host.stop(slot, &seat).await?;
        self.roster.edit(fence, |standing| {
            standing.seats[slot].take_if(|there| there.release == *release);
        })?;
        Ok(())
    }

    async fn stable(&self) -> Result<Option<(Slot, ReleaseId)>, WorldError> {
        Ok(self.roster.read()?.stable().map(|(slot, release)| (slot, release.clone())))
    }

    async fn settle(
        &self,
        slot: Slot,
        release: &ReleaseId,
        retain: Duration,
        fence: Fence,
    ) -> Result<(), WorldError> {
        let there = self.seat(slot)?;
        if there.as_ref().map(|seat| &seat.release) != Some(release) {
            return Err(WorldError::refused(format!("release {release} is not in {slot} any more")));
        }
        self.roster.edit(fence, |standing| {
            standing.stable = Some(slot);
            standing.retained_until = Some(Timestamp::now().plus(retain));
        })?;
        Ok(())
    }
}

fn occupant(release: ReleaseId, condition: Condition) -> Option<Occupant> {
    let (ready, restarts, summary, failure) = match condition {
        Condition::Gone => return None,
        Condition::Starting { summary } => (false, 0, summary, None),
        Condition::Ready { summary, restarts } => (true, restarts, summary, None),
        Condition::Failed { cause, log } => (false, 0, cause.clone(), Some((cause, log))),
    };
    Some(Occupant { release, ready, restarts, summary, failure })
}

impl From<RosterError> for WorldError {
    fn from(error: RosterError) -> Self {
        let fenced = matches!(error, RosterError::Fenced { .. });
        let source = std::error::Error::source(&error).map(|source| source.to_string().into());
        Self { message: error.to_string(), retry: Retry::Never, fenced, source }
    }
}
