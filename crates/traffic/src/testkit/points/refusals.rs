//! Points 4 and 5: saying no in time, and saying "I do not know".

use crate::testkit::probe::{Check, Probe, broken, judge, ruled_out, said, shown};
use crate::testkit::{Outcome, Subject};
use crate::{Expected, Observed, Route, Split, SwitchError};

/// Point 4: what `capabilities` rules out is `Unsupported`, and nothing is sent.
pub async fn refuses_early_what_it_cannot_express(subject: &dyn Subject) -> Outcome {
    judge(subject, |probe| async move {
        let ruled_out = ruled_out(&probe.can());
        if ruled_out.is_empty() {
            return Err(Outcome::NotClaimed("a limit: it expresses every route"));
        }
        let before = probe.observe().await?;
        let sent = probe.subject.sent().await;
        for route in ruled_out {
            let change = probe.change_to(route, Expected::Any).await?;
            match probe.apply(&change).await? {
                Err(SwitchError::Unsupported { .. }) => probe.unmoved_since(&before).await?,
                answer => {
                    return broken(format!("wanted Unsupported for {}, got {}", shown(&route), told(answer)));
                }
            }
        }
        nothing_sent(&probe, sent).await
    })
    .await
}

async fn nothing_sent(probe: &Probe<'_>, before: Option<u64>) -> Check {
    match (before, probe.subject.sent().await) {
        (Some(before), Some(after)) if before == after => Ok(()),
        (Some(before), Some(after)) => broken(format!(
            "{} changes were sent that the backend cannot express",
            after.wrapping_sub(before)
        )),
        _ => Err(Outcome::NotClaimed("a count of what is sent (it was refused and changed nothing)")),
    }
}

/// Point 5: no answer is `Unconfirmed`, never `Refused`, and never success.
pub async fn says_what_is_not_known(subject: &dyn Subject) -> Outcome {
    judge(subject, |probe| async move {
        let Some(unanswered) = probe.subject.unanswered().await else {
            return Err(Outcome::NotClaimed("a path without answers"));
        };
        let before = probe.set(Route::serve(Split::ALL_BLUE)).await?;
        // Naming its revision keeps it from arriving late and winning over what follows.
        let expected = Expected::Revision(before.revision);
        let change = probe.change_to(Route::serve(Split::ALL_GREEN), expected).await?;
        match probe.within("apply without an answer", unanswered.apply(&change)).await? {
            Err(SwitchError::Unconfirmed { .. }) => {}
            answer => return broken(format!("wanted Unconfirmed without an answer, got {}", told(answer))),
        }
        match probe.within("observe without an answer", unanswered.observe()).await? {
            Ok(_) | Err(SwitchError::Unconfirmed { .. } | SwitchError::Unreachable { .. }) => Ok(()),
            answer => broken(format!("observe without an answer gave {}", told(answer))),
        }?;
        probe.come_to_rest().await.map(drop)
    })
    .await
}

fn told(answer: Result<Observed, SwitchError>) -> String {
    match answer {
        Ok(seen) => format!("success with {}", shown(&seen.route)),
        Err(error) => format!("`{}`", said(&error)),
    }
}
