//! Points 9 and 10: what still reaches a slot, and what is none of the backend's business.

use std::time::Duration;

use handover_core::Slot;
use tokio::time::{Instant, sleep};

use crate::testkit::probe::{Check, Probe, broken, expressible, judge, said};
use crate::testkit::{OpenRequest, Outcome, Subject};
use crate::{DrainSupport, Drained, Mode, Route, Split, SwitchError};

/// Long enough for a backend to notice an open request, short enough to wait for.
const SHORT: Duration = Duration::from_millis(200);

/// Point 9: `Clean` means that nothing reaches the slot any more; a slot with weight is `Refused`.
pub async fn says_clean_only_when_nothing_is_left(subject: &dyn Subject) -> Outcome {
    judge(subject, |probe| async move {
        refuses_a_slot_in_use(&probe).await?;
        match probe.can().drain {
            DrainSupport::Counted => counts(&probe).await,
            DrainSupport::Timed { bound } if bound <= probe.subject.patience() => {
                assumes(&probe, bound).await?;
                Err(Outcome::NotClaimed("a counted drain (its bound was waited for)"))
            }
            DrainSupport::Timed { .. } => {
                Err(Outcome::NotClaimed("a counted drain, or a bound within patience"))
            }
            DrainSupport::None => {
                assumes(&probe, Duration::ZERO).await?;
                Err(Outcome::NotClaimed("a drain"))
            }
        }
    })
    .await
}

async fn refuses_a_slot_in_use(probe: &Probe<'_>) -> Check {
    probe.set(Route::serve(Split::ALL_BLUE)).await?;
    match probe.drain(Slot::Blue, SHORT).await? {
        Err(SwitchError::Refused { .. }) => Ok(()),
        other => broken(format!("wanted Refused for a slot with all the traffic, got {}", told(&other))),
    }
}

/// A request opened before the change keeps the slot from being clean, and its end makes it so.
async fn counts(probe: &Probe<'_>) -> Check {
    let before = probe.set(Route::serve(Split::ALL_BLUE)).await?;
    let Some(request) = probe.sends_users_as(&before).await? else {
        clean(probe, Slot::Green).await?;
        return Err(Outcome::NotClaimed("a user's request that stays open (an idle slot is clean)"));
    };
    probe.set(Route::serve(Split::ALL_GREEN)).await?;
    match probe.drain(Slot::Blue, SHORT).await? {
        Ok(Drained::TimedOut { requests, streams, upgrades }) if requests + streams + upgrades > 0 => {}
        other => return broken(format!("wanted TimedOut with one request open, got {}", told(&other))),
    }
    ends_while_drained(probe, request).await?;
    clean(probe, Slot::Blue).await?;
    stays_clean(probe).await
}

/// The drain is already waiting when the request ends. The kit's own clock is asked who was first.
async fn ends_while_drained(probe: &Probe<'_>, request: OpenRequest) -> Check {
    let drain = async {
        let drained = probe.drain(Slot::Blue, probe.subject.patience()).await;
        (drained, Instant::now())
    };
    let end = async {
        sleep(SHORT).await;
        let ended = Instant::now();
        drop(request);
        ended
    };
    let ((drained, returned), ended) = tokio::join!(drain, end);
    match drained? {
        Ok(Drained::Clean { .. }) if returned >= ended => Ok(()),
        Ok(Drained::Clean { .. }) => broken("Clean while a request was open, after a part of the limit"),
        other => broken(format!("wanted Clean once the request ended, got {}", told(&other))),
    }
}

async fn clean(probe: &Probe<'_>, slot: Slot) -> Check {
    match probe.drain(slot, probe.subject.patience()).await? {
        Ok(Drained::Clean { .. }) => Ok(()),
        other => broken(format!("wanted Clean for an idle slot, got {}", told(&other))),
    }
}

/// After `Clean` the counters of the slot stand still while users go on coming.
async fn stays_clean(probe: &Probe<'_>) -> Check {
    let clean = probe.observe().await?;
    for _ in 0..5 {
        // Where it lands is checked on the way: blue has no weight any more.
        drop(probe.sends_users_as(&clean).await?);
    }
    let now = probe.observe().await?;
    if now.in_flight.is_some_and(|in_flight| in_flight[Slot::Blue].total() > 0) {
        return broken("requests are in flight on a slot that was clean");
    }
    match (clean.served, now.served) {
        (Some(then), Some(now)) if now[Slot::Blue] != then[Slot::Blue] => {
            broken("a slot that was clean served requests")
        }
        _ => Ok(()),
    }
}

/// A backend that does not count must not say that it has.
async fn assumes(probe: &Probe<'_>, bound: Duration) -> Check {
    match probe.drain(Slot::Green, bound + SHORT).await? {
        Ok(Drained::Assumed { waited }) if waited >= bound => Ok(()),
        other => broken(format!("wanted Assumed after {bound:?} without counting, got {}", told(&other))),
    }
}

/// Point 10: what the backend does not own is the same after every kind of change as before.
pub async fn leaves_alone_what_belongs_to_others(subject: &dyn Subject) -> Outcome {
    judge(subject, |probe| async move {
        let Some(before) = probe.subject.foreign().await else {
            return Err(Outcome::NotClaimed("a sight of what belongs to others"));
        };
        for route in expressible(&probe.can()) {
            let seen = probe.set(route).await?;
            // A slot in use is refused; the others are drained, which may tidy up too much.
            let idle = seen.route.split.sole().filter(|_| seen.route.mode == Mode::Serve).map(Slot::other);
            if let Some(idle) = idle {
                let _ = probe.drain(idle, SHORT).await?;
            }
        }
        match probe.subject.foreign().await {
            Some(after) if after == before => Ok(()),
            Some(after) => broken(format!("what belongs to others was `{before}`, now is `{after}`")),
            None => broken("what belongs to others cannot be seen any more"),
        }
    })
    .await
}

fn told(answer: &Result<Drained, SwitchError>) -> String {
    match answer {
        Ok(drained) => format!("{drained:?}"),
        Err(error) => format!("`{}`", said(error)),
    }
}
