//! Several switchers as one: two regions, a balancer and a name server, old and new edge during a migration.
//!
//! What it promises is what all of them promise. A change is made member by member, in order, and each is read back; if
//! one fails, those already moved are taken back in reverse order. So a change is never atomic: in its middle, and after
//! a crash in it, members differ, and what is observed then lies between them.

mod attempt;
mod claims;
mod combine;
mod join;
mod moving;

use std::collections::HashSet;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use async_trait::async_trait;
use handover_core::{Fence, OpId, Slot};

use self::attempt::Attempt;
use self::combine::Members;
use crate::{
    BoxError, Capabilities, Change, Drained, Expected, Observed, SwitchError, TrafficSwitcher,
    TrafficSwitcherExt,
};

/// How the backend calls itself in errors.
const NAME: &str = "the composite";

/// Several switchers as one, moved in the order in which they were added.
///
/// - **Observe**: where all agree, that. Where they differ, the mean of their shares, rounded towards the last member's:
///   each weight lies between the old one and the new one, and a change that has not come to the last member is never
///   observed as made. Where some hold requests and some serve, a hold.
/// - **Revision**: the sum of the members'; each only grows, so an equal sum means that nobody moved. A change planned on
///   one guards each member with that member's own revision.
/// - **Fence**: the highest that any member has seen; a lower one is refused before any member is asked.
/// - **Apply**: in order, each read back. On a failure those already moved go back where they were, in reverse order. All
///   of them back: `Refused`. Not known of one: `Unconfirmed`. Where the first member said no, its own error.
/// - **Drain**: all at once, within the same limit; `Clean` only if all are.
/// - **Once**: by the members' memory of operations, and by this value's own for as long as it lives.
///
/// # Examples
///
/// ```
/// # use std::sync::Arc;
/// # use handover_core::OpId;
/// # use handover_traffic::{Composite, InMemory, Split, TrafficSwitcher, TrafficSwitcherExt};
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), handover_traffic::SwitchError> {
/// let (east, west) = (InMemory::new(), InMemory::new());
/// let both = Composite::of(Arc::new(east.clone())).and(Arc::new(west.clone()));
/// both.shift_to(Split::ALL_GREEN, OpId::new("shift")).await?;
/// assert_eq!(west.observe().await?.route.split, Split::ALL_GREEN);
/// # Ok(())
/// # }
/// ```
#[derive(Debug)]
pub struct Composite {
    members: Vec<Arc<dyn TrafficSwitcher>>,
    capabilities: Capabilities,
    /// Operations made through this value, which a member may have forgotten.
    made: Mutex<HashSet<OpId>>,
    /// Two changes do not meet half-way.
    turn: tokio::sync::Mutex<()>,
}

impl Composite {
    /// This one alone, for now.
    pub fn of(first: Arc<dyn TrafficSwitcher>) -> Self {
        let capabilities = first.capabilities();
        Self {
            members: vec![first],
            capabilities,
            made: Mutex::default(),
            turn: tokio::sync::Mutex::default(),
        }
    }

    /// The same with one more member, moved last.
    #[must_use]
    pub fn and(mut self, next: Arc<dyn TrafficSwitcher>) -> Self {
        self.capabilities = claims::both(self.capabilities, next.capabilities());
        self.members.push(next);
        self
    }

    /// The members, in the order in which they are moved.
    pub fn members(&self) -> &[Arc<dyn TrafficSwitcher>] {
        &self.members
    }

    async fn look(&self) -> Result<Members, SwitchError> {
        let mut seen = Vec::with_capacity(self.members.len());
        for member in &self.members {
            seen.push(member.observe().await?);
        }
        Ok(Members(seen))
    }

    /// Where each member is, as far as the change needs to know. Nothing has been sent, whatever goes wrong.
    async fn look_before(&self, change: &Change) -> Result<Vec<Option<Observed>>, SwitchError> {
        let mut seen = Vec::with_capacity(self.members.len());
        for member in &self.members {
            seen.push(match member.observe().await {
                Ok(observed) => Some(observed),
                // The way back is open from there too.
                Err(SwitchError::Elsewhere { .. }) if change.expected == Expected::Any => None,
                Err(unanswered @ SwitchError::Unconfirmed { .. }) => {
                    return Err(SwitchError::Unreachable { backend: NAME, source: unanswered.into() });
                }
                Err(error) => return Err(error),
            });
        }
        Ok(seen)
    }

    /// Refuses what comes too late, or from somebody who is too late.
    fn admit(
        &self,
        change: &Change,
        before: &[Option<Observed>],
        attempt: &Attempt,
    ) -> Result<(), SwitchError> {
        let seen = || before.iter().flatten();
        let fence = seen().filter_map(|member| member.fence).max().unwrap_or(Fence::ZERO);
        if change.fence < fence {
            return Err(SwitchError::Fenced { offered: change.fence, seen: fence });
        }
        let Expected::Revision(expected) = change.expected else { return Ok(()) };
        let found = combine::revision(seen());
        let begun = seen().any(|member| member.last_op.as_ref().is_some_and(|op| attempt.is(op)));
        if self.capabilities.compare_and_set && expected != found && !begun {
            return Err(SwitchError::Conflict { expected, found });
        }
        Ok(())
    }

    fn lock_made(&self) -> MutexGuard<'_, HashSet<OpId>> {
        self.made.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[async_trait]
impl TrafficSwitcher for Composite {
    fn capabilities(&self) -> Capabilities {
        self.capabilities.clone()
    }

    async fn observe(&self) -> Result<Observed, SwitchError> {
        Ok(self.look().await?.as_one())
    }

    async fn apply(&self, change: &Change) -> Result<Observed, SwitchError> {
        self.check(NAME, &change.route)?;
        let _turn = self.turn.lock().await;
        let before = self.look_before(change).await?;
        let known = before.iter().flatten().filter_map(|member| member.last_op.as_ref());
        let attempt = Attempt::next(&change.op, known);
        let made = self.lock_made().contains(&change.op);
        let brought = match self.admit(change, &before, &attempt) {
            // Who repeats what was made stands on a revision that was in force then.
            Err(SwitchError::Conflict { .. }) | Ok(()) if made => None,
            Err(error) => return Err(error),
            Ok(()) => self.bring_all(change, &before, attempt).await?,
        };
        self.lock_made().insert(change.op.clone());
        match brought {
            Some(now) => Ok(now.as_one()),
            None => self.observe().await.map_err(|error| unconfirmed(error.into())),
        }
    }

    async fn drain(&self, slot: Slot, limit: Duration) -> Result<Drained, SwitchError> {
        let drains = self.members.iter().map(|member| member.drain(slot, limit)).collect();
        let drained: Result<Vec<Drained>, SwitchError> = join::all(drains).await.into_iter().collect();
        Ok(combine::drained(&drained?))
    }
}

fn unconfirmed(source: BoxError) -> SwitchError {
    SwitchError::Unconfirmed { backend: NAME, after: Duration::ZERO, source: Some(source) }
}
