//! One change on all members, and the way back from the middle of it.

use std::time::Duration;

use tokio::time::{Instant, sleep};

use super::{Attempt, Composite, Members, NAME, unconfirmed};
use crate::{BoxError, Change, Expected, Observed, Route, SwitchError, TrafficSwitcher};

/// How long a member that acknowledges early has to come round: longer than any reload takes.
const PATIENCE: Duration = Duration::from_secs(10);
/// Between two looks at it.
const GLANCE: Duration = Duration::from_millis(50);

/// What became of one member.
enum Brought {
    /// The wish is in force there, read back.
    There(Observed),
    /// It made the operation some time ago, and something else since.
    Overtaken,
    /// It was not brought there.
    Not(SwitchError),
}

impl Composite {
    /// Brings all members where the change wants them, or those moved back where they were. Returns what they then said;
    /// `None` where all had made the operation before.
    pub(super) async fn bring_all(
        &self,
        change: &Change,
        before: &[Option<Observed>],
        attempt: Attempt,
    ) -> Result<Option<Members>, SwitchError> {
        let everyone: Vec<usize> = (0..self.members.len()).collect();
        let mut moved = Moved::default();
        let overtaken = self.bring(change, before, &attempt, &everyone, &mut moved).await?;
        if moved.0.is_empty() {
            // A repetition that comes late: what came between stands.
            return Ok(None);
        }
        // Only some had made it, before they were moved on: the operation was never whole, and is made now.
        let left = self.bring(change, before, &attempt.again(), &overtaken, &mut moved).await?;
        if left.is_empty() {
            return Ok(Some(moved.in_order()));
        }
        Err(unconfirmed("a member knows the operation, and is elsewhere".into()))
    }

    /// Brings these members there, in order; says which had been there before and are not any more.
    async fn bring(
        &self,
        change: &Change,
        before: &[Option<Observed>],
        attempt: &Attempt,
        which: &[usize],
        moved: &mut Moved,
    ) -> Result<Vec<usize>, SwitchError> {
        let mut overtaken = Vec::new();
        for &at in which {
            let wish = for_member(change, before[at].as_ref(), attempt);
            match bring_one(&*self.members[at], &wish).await {
                Brought::There(now) => moved.0.push((at, now)),
                Brought::Overtaken => overtaken.push(at),
                Brought::Not(error) => {
                    return Err(self.undo(change, before, attempt, moved, (at, error)).await);
                }
            }
        }
        Ok(overtaken)
    }

    /// Takes everybody back who was moved, last first, and says what is known then.
    async fn undo(
        &self,
        change: &Change,
        before: &[Option<Observed>],
        attempt: &Attempt,
        moved: &Moved,
        (failed, error): (usize, SwitchError),
    ) -> SwitchError {
        let unknown = matches!(error, SwitchError::Unconfirmed { .. });
        if moved.0.is_empty() && !unknown {
            return error;
        }
        let half = self.members[failed].observe().await;
        let mut back = self.is_back(change, before[failed].as_ref(), attempt, failed, half).await;
        for (at, now) in moved.0.iter().rev() {
            back &= self.is_back(change, before[*at].as_ref(), attempt, *at, Ok(now.clone())).await;
        }
        let source: BoxError =
            format!("member {} of {}: {}", failed + 1, self.members.len(), told(&error)).into();
        // What was asked for without an answer may still arrive.
        if back && !unknown { SwitchError::Refused { backend: NAME, source } } else { unconfirmed(source) }
    }

    /// Takes one member from where it is now back to where it was, and looks.
    async fn is_back(
        &self,
        change: &Change,
        before: Option<&Observed>,
        attempt: &Attempt,
        at: usize,
        now: Result<Observed, SwitchError>,
    ) -> bool {
        let (Some(before), Ok(now)) = (before, now) else { return false };
        if now.route == before.route {
            return true;
        }
        let back = Change {
            route: before.route,
            expected: Expected::Revision(now.revision),
            op: attempt.taking_back(),
            fence: change.fence,
        };
        matches!(bring_one(&*self.members[at], &back).await, Brought::There(_))
    }
}

/// Members that were brought there, with what they then said.
#[derive(Default)]
struct Moved(Vec<(usize, Observed)>);

impl Moved {
    fn in_order(mut self) -> Members {
        self.0.sort_by_key(|(at, _)| *at);
        Members(self.0.into_iter().map(|(_, now)| now).collect())
    }
}

fn for_member(change: &Change, before: Option<&Observed>, attempt: &Attempt) -> Change {
    let expected = match (change.expected, before) {
        (Expected::Revision(_), Some(before)) => Expected::Revision(before.revision),
        _ => Expected::Any,
    };
    Change { expected, op: attempt.name(), ..change.clone() }
}

/// Makes the change on one member and reads it back; an answer that was lost is looked for.
async fn bring_one(member: &dyn TrafficSwitcher, wish: &Change) -> Brought {
    let answer = member.apply(wish).await;
    let unanswered = match answer {
        Ok(_) => None,
        Err(error @ SwitchError::Unconfirmed { .. }) => Some(error),
        Err(error) => return Brought::Not(error),
    };
    match (read_back(member, wish.route).await, unanswered) {
        (Ok(now), _) if now.route == wish.route => Brought::There(now),
        (_, Some(error)) => Brought::Not(error),
        (Ok(_), None) => Brought::Overtaken,
        (Err(error), None) => Brought::Not(unconfirmed(error.into())),
    }
}

/// Looks once, or until the wish is in force where the member acknowledges early.
async fn read_back(member: &dyn TrafficSwitcher, wish: Route) -> Result<Observed, SwitchError> {
    let (early, begun) = (member.capabilities().acks_before_effect, Instant::now());
    loop {
        let now = member.observe().await?;
        if now.route == wish || !early {
            return Ok(now);
        }
        if begun.elapsed() >= PATIENCE {
            let late = format!("{} was acknowledged, {} is in force", wish.split, now.route.split);
            return Err(unconfirmed(late.into()));
        }
        sleep(GLANCE).await;
    }
}

/// An error with its cause, in one line.
fn told(error: &SwitchError) -> String {
    match std::error::Error::source(error) {
        Some(because) => format!("{error}: {because}"),
        None => error.to_string(),
    }
}
