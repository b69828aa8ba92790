//! Points 1, 2 and 8: where traffic is after a change, after half of one, and on the way back.

use handover_core::Slot;

use crate::testkit::probe::{
    Check, Probe, broken, claimed, cut_short, expressible, held, judge, said, shown,
};
use crate::testkit::{Outcome, Subject};
use crate::{Capabilities, Change, Expected, Mode, Observed, Route, Split};

/// Point 1: after `apply` is `Ok`, `observe` returns that route, and users go where it says.
pub async fn reads_its_change(subject: &dyn Subject) -> Outcome {
    judge(subject, |probe| async move {
        for route in expressible(&probe.can()) {
            let change = probe.change_to(route, Expected::Any).await?;
            match probe.apply(&change).await? {
                Ok(said) if said.route == route || probe.can().acks_before_effect => {}
                Ok(said) => {
                    return broken(format!("asked for {}, told {}", shown(&route), shown(&said.route)));
                }
                Err(error) => return broken(format!("{} was refused: {}", shown(&route), said(&error))),
            }
            let seen = probe.settled(route).await?;
            probe.sends_users_as(&seen).await?;
            probe.settled(route).await?;
        }
        claimed(probe.can().read_back, "read-back: what was observed may be what was asked for")
    })
    .await
}

/// More await points than any backend has in one change.
const MOST_AWAITS: u32 = 24;

/// Point 2: a change given up at any await point, or never answered, leaves the old route or the new one.
///
/// Without `atomic` each weight may lie between the two; users always get a release that has weight.
pub async fn leaves_the_old_route_or_the_new_one(subject: &dyn Subject) -> Outcome {
    judge(subject, |probe| async move {
        for awaits in 0..MOST_AWAITS {
            let (old, change) = about_to_change(&probe).await?;
            let switcher = probe.subject.switcher();
            let ended = probe.within("apply", cut_short(switcher, &change, awaits)).await?;
            let given_up = format!("given up at await point {awaits}");
            old_or_new(&probe, &old, &change, &given_up).await?;
            if ended.is_some() {
                break;
            }
        }
        if let Some(unanswered) = probe.subject.unanswered().await {
            let (old, change) = about_to_change(&probe).await?;
            let _ = probe.within("apply without an answer", unanswered.apply(&change)).await?;
            old_or_new(&probe, &old, &change, "left without an answer").await?;
        }
        Ok(())
    })
    .await
}

/// All on blue, and a change to all green. It names its revision, so that it cannot arrive late and win.
async fn about_to_change(probe: &Probe<'_>) -> Check<(Observed, Change)> {
    let old = probe.set(Route::serve(Split::ALL_BLUE)).await?;
    let change = probe.change_to(Route::serve(Split::ALL_GREEN), Expected::Revision(old.revision)).await?;
    Ok((old, change))
}

async fn old_or_new(probe: &Probe<'_>, old: &Observed, change: &Change, how: &str) -> Check {
    let seen = probe.come_to_rest().await?;
    if !may_be_left(&probe.can(), old.route, change.route, seen.route) {
        let (from, to, is) = (shown(&old.route), shown(&change.route), shown(&seen.route));
        return broken(format!("a change from {from} to {to}, {how}, left {is}"));
    }
    probe.sends_users_as(&seen).await.map(drop)
}

fn may_be_left(can: &Capabilities, old: Route, new: Route, seen: Route) -> bool {
    let (a, b) = (old.split.min(new.split), old.split.max(new.split));
    let between = (a..=b).contains(&seen.split) && seen.mode == Mode::Serve;
    seen == old || seen == new || (!can.atomic && between)
}

/// Point 8: all to one slot with `Expected::Any` is legal from every state, also from what a given-up change left.
pub async fn keeps_the_way_back_open(subject: &dyn Subject) -> Outcome {
    judge(subject, |probe| async move {
        for slot in Slot::BOTH {
            let back = Route::serve(Split::all(slot));
            for state in states(&probe.can(), slot) {
                let from = probe.set(state).await?;
                go_back(&probe, back, &from).await?;
            }
            let from = give_up_on_the_way(&probe, slot.other()).await?;
            go_back(&probe, back, &from).await?;
        }
        Ok(())
    })
    .await
}

/// Everything traffic may be in when somebody pulls the cord.
fn states(can: &Capabilities, slot: Slot) -> Vec<Route> {
    let elsewhere = Split::all(slot.other());
    let more = [Route::serve(elsewhere), held(elsewhere)];
    expressible(can)
        .into_iter()
        .chain(more.into_iter().filter(|route| can.missing_for(route).is_none()))
        .collect()
}

/// Starts a change to all on `slot`, and drops it as soon as it waits for something.
async fn give_up_on_the_way(probe: &Probe<'_>, slot: Slot) -> Check<Observed> {
    let now = probe.observe().await?;
    let change = probe.change_to(Route::serve(Split::all(slot)), Expected::Revision(now.revision)).await?;
    let _ = probe.within("apply", cut_short(probe.subject.switcher(), &change, 1)).await?;
    probe.come_to_rest().await
}

async fn go_back(probe: &Probe<'_>, back: Route, from: &Observed) -> Check {
    let change = probe.change_to(back, Expected::Any).await?;
    if let Err(error) = probe.apply(&change).await? {
        let (from, to) = (shown(&from.route), shown(&back));
        return broken(format!("from {from} the way to {to} is barred: {}", said(&error)));
    }
    let seen = probe.settled(back).await?;
    probe.sends_users_as(&seen).await.map(drop)
}
