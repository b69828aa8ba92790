//! Points 3, 6 and 7: changes that come too late, twice, or from somebody who lost the lease.

use crate::testkit::probe::{Check, Probe, broken, claimed, fresh_op, judge, said, shown};
use crate::testkit::{Outcome, Subject};
use crate::{Change, Expected, Observed, Route, Split, SwitchError};

const BLUE: Route = Route::serve(Split::ALL_BLUE);
const GREEN: Route = Route::serve(Split::ALL_GREEN);

/// Point 3: a stale `expected` is `Conflict` and changes nothing; the revision in force is accepted.
pub async fn refuses_a_stale_revision(subject: &dyn Subject) -> Outcome {
    judge(subject, |probe| async move {
        claimed(probe.can().compare_and_set, "compare-and-set")?;
        let old = probe.set(BLUE).await?;
        let now = probe.set(GREEN).await?;
        let stale = probe.change_to(BLUE, Expected::Revision(old.revision)).await?;
        match probe.apply(&stale).await? {
            Err(SwitchError::Conflict { .. }) => probe.unmoved_since(&now).await?,
            other => return broken(format!("wanted Conflict for a stale revision, got {}", told(other))),
        }
        let current = probe.change_to(BLUE, Expected::Revision(now.revision)).await?;
        match probe.apply(&current).await? {
            Ok(_) => probe.settled(BLUE).await.map(drop),
            Err(error) => broken(format!("the revision in force was refused: {}", said(&error))),
        }
    })
    .await
}

/// Point 6: the same operation twice is the same as once, also when its `expected` is stale by its own doing.
pub async fn applies_an_operation_once(subject: &dyn Subject) -> Outcome {
    judge(subject, |probe| async move {
        for named in [true, false] {
            let old = probe.set(BLUE).await?;
            let expected = if named { Expected::Revision(old.revision) } else { Expected::Any };
            let change = probe.change_to(GREEN, expected).await?;
            let once = make(&probe, &change, "an operation").await?;
            let twice = make(&probe, &change, "the repetition of an operation").await?;
            if twice.revision != once.revision {
                let (first, second) = (once.revision, twice.revision);
                return broken(format!("a repeated operation moved on from revision {first} to {second}"));
            }
        }
        late_repetition(&probe).await
    })
    .await
}

async fn make(probe: &Probe<'_>, change: &Change, what: &str) -> Check<Observed> {
    match probe.apply(change).await? {
        Ok(_) => probe.settled(change.route).await,
        Err(error) => broken(format!("{what} was refused: {}", said(&error))),
    }
}

/// A repetition that arrives after another change. Told by its name or by its revision, it must not undo that one.
async fn late_repetition(probe: &Probe<'_>) -> Check {
    if !probe.can().compare_and_set {
        return Ok(());
    }
    let old = probe.set(BLUE).await?;
    let change = probe.change_to(GREEN, Expected::Revision(old.revision)).await?;
    make(probe, &change, "an operation").await?;
    let later = probe.set(BLUE).await?;
    let answer = probe.apply(&change).await?;
    match probe.observe().await? {
        now if now.route == later.route => Ok(()),
        now => broken(format!(
            "a late repetition ({}) undid a newer change: {}",
            told(answer),
            shown(&now.route)
        )),
    }
}

/// Point 7: a fence below one already seen never wins, whatever it expects; an equal one goes on.
pub async fn never_lets_a_lower_fence_win(subject: &dyn Subject) -> Outcome {
    judge(subject, |probe| async move {
        claimed(probe.can().fencing, "fencing: the lease is checked before each call, best effort")?;
        let first = probe.change_to(BLUE, Expected::Any).await?;
        let older = first.fence.next();
        let newer = Change { fence: older.next(), ..first };
        let now = make(&probe, &newer, "a higher fence").await?;
        for expected in [Expected::Any, Expected::Revision(now.revision)] {
            let late = Change { route: GREEN, expected, op: fresh_op(), fence: older };
            match probe.apply(&late).await? {
                Err(SwitchError::Fenced { .. }) => probe.unmoved_since(&now).await?,
                other => return broken(format!("wanted Fenced for a lower fence, got {}", told(other))),
            }
        }
        let again = Change { route: GREEN, expected: Expected::Any, op: fresh_op(), fence: newer.fence };
        make(&probe, &again, "an equal fence").await.map(drop)
    })
    .await
}

fn told(answer: Result<Observed, SwitchError>) -> String {
    match answer {
        Ok(seen) => format!("success with {}", shown(&seen.route)),
        Err(error) => format!("`{}`", said(&error)),
    }
}
