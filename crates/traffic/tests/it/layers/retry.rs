use std::error::Error;

use handover_traffic::layers::{Call, Mishap, Retry};
use handover_traffic::{RequestKind, TrafficSwitcherExt};
use tokio::time::Instant;

use super::*;

const GREEN: Route = Route::serve(Split::ALL_GREEN);

#[tokio::test(start_paused = true)]
async fn a_throttled_call_waits_as_long_as_it_was_asked_to() {
    let path = noted(|path| path.with(Call::Apply, [Mishap::Throttled(3 * SECOND)]));
    let (traffic, begun) = (Retry::new(path).with_budget(quick()), Instant::now());
    assert_eq!(traffic.apply(&to_green("shift")).await.unwrap().route, GREEN);
    assert_eq!(begun.elapsed(), 3 * SECOND);
    assert_eq!(traffic.inner().calls(), [("apply", "throttled"), ("apply", "ok")], "nothing was read back");
}

#[tokio::test(start_paused = true)]
async fn a_wait_beyond_the_budget_of_time_is_the_callers_to_decide_on() {
    let path = noted(|path| path.with(Call::Apply, [Mishap::Throttled(6 * SECOND)]));
    let (traffic, begun) = (Retry::new(path).with_budget(quick()), Instant::now());
    let said = traffic.apply(&to_green("shift")).await.unwrap_err();
    assert!(matches!(said, SwitchError::Throttled { after, .. } if after == 6 * SECOND), "{said:?}");
    assert_eq!(begun.elapsed(), Duration::ZERO);
}

#[tokio::test(start_paused = true)]
async fn a_change_whose_answer_was_lost_is_found_by_looking_and_not_made_again() {
    for mishap in [Mishap::LostAck, Mishap::ResetAfter] {
        let traffic = Retry::new(noted(|path| path.with(Call::Apply, [mishap])));
        assert_eq!(traffic.apply(&to_green("shift")).await.unwrap().route, GREEN);
        assert_eq!(traffic.inner().calls(), [("apply", "unconfirmed"), ("observe", "ok")]);
    }
}

#[tokio::test(start_paused = true)]
async fn a_change_that_was_lost_is_made_again_after_looking_under_the_same_name() {
    for mishap in [Mishap::LostRequest, Mishap::ResetBefore, Mishap::Reorder] {
        let traffic = Retry::new(noted(|path| path.with(Call::Apply, [mishap])));
        let seen = traffic.apply(&to_green("shift")).await.unwrap();
        assert_eq!((seen.route, seen.last_op), (GREEN, Some(OpId::new("shift"))));
        assert_eq!(seen.revision, Revision::new(1), "{mishap:?}: made once");
        let calls = [("apply", "unconfirmed"), ("observe", "ok"), ("apply", "ok")];
        assert_eq!(traffic.inner().calls(), calls, "{mishap:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn what_cannot_be_read_back_stays_unknown_and_is_not_made_again() {
    let blind = [Mishap::LostRequest; 9];
    let path = noted(|path| path.with(Call::Apply, [Mishap::LostRequest]).with(Call::Observe, blind));
    let traffic = Retry::new(path).with_budget(quick());
    let said = traffic.apply(&to_green("shift")).await.unwrap_err();
    assert!(matches!(said, SwitchError::Unconfirmed { .. }), "{said:?}");
    let applied = traffic.inner().calls().iter().filter(|(call, _)| *call == "apply").count();
    assert_eq!(applied, 1);
}

#[tokio::test(start_paused = true)]
async fn an_answer_that_says_never_is_given_at_once() {
    let traffic = Retry::new(noted(|path| path));
    let newer = Change { fence: Fence::new(2), ..to_green("newer") };
    traffic.apply(&newer).await.unwrap();
    let late = Change { fence: Fence::new(2), ..to_green("planned before") };
    let conflict = traffic.apply(&late).await.unwrap_err();
    assert!(matches!(conflict, SwitchError::Conflict { .. }), "{conflict:?}");
    let fenced = traffic.apply(&to_green("without the lease")).await.unwrap_err();
    assert!(matches!(fenced, SwitchError::Fenced { .. }), "{fenced:?}");
    traffic.inner().inner.script(Call::Apply, [Mishap::Refused]);
    let refused = traffic.apply(&newer).await.unwrap_err();
    assert!(matches!(refused, SwitchError::Refused { .. }), "{refused:?}");
    assert_eq!(traffic.inner().calls().len(), 4, "one call for each");
}

#[tokio::test(start_paused = true)]
async fn a_refusal_after_a_lost_answer_does_not_say_that_nothing_changed() {
    let path = noted(|path| path.with(Call::Apply, [Mishap::LostRequest, Mishap::Refused]));
    let said = Retry::new(path).apply(&to_green("shift")).await.unwrap_err();
    insta::assert_snapshot!(said, @"the faulty path did not confirm within 200ms");
    insta::assert_snapshot!(said.source().unwrap(), @"the faulty path refused the change");
    assert!(matches!(said, SwitchError::Unconfirmed { .. }), "{said:?}");
}

#[tokio::test(start_paused = true)]
async fn attempts_are_counted_and_the_last_error_is_returned() {
    let path = noted(|path| path.with(Call::Apply, [Mishap::LostRequest; 9]));
    let traffic = Retry::new(path).with_budget(quick());
    let error = traffic.apply(&to_green("shift")).await.unwrap_err();
    assert!(matches!(error, SwitchError::Unconfirmed { .. }), "{error:?}");
    let applied = traffic.inner().calls().iter().filter(|(call, _)| *call == "apply").count();
    assert_eq!(applied, 3);
}

#[tokio::test(start_paused = true)]
async fn a_read_is_simply_made_again() {
    let script = [Mishap::LostRequest, Mishap::Throttled(SECOND)];
    let traffic = Retry::new(noted(|path| path.with(Call::Observe, script)));
    assert_eq!(traffic.observe().await.unwrap().route, Route::serve(Split::ALL_BLUE));
    assert_eq!(traffic.inner().calls().len(), 3);
}

#[tokio::test(start_paused = true)]
async fn a_drain_goes_on_for_what_is_left_of_its_limit() {
    let path = noted(|path| path.with(Call::Drain, [Mishap::Throttled(2 * SECOND)]));
    let traffic = Retry::new(path);
    let _open = traffic.inner().inner.inner().open(Slot::Green, RequestKind::Request);
    let begun = Instant::now();
    let drained = traffic.drain(Slot::Green, 3 * SECOND).await.unwrap();
    assert!(matches!(drained, Drained::TimedOut { requests: 1, .. }), "{drained:?}");
    assert_eq!(begun.elapsed(), 3 * SECOND);
}

#[tokio::test(start_paused = true)]
async fn who_holds_no_lease_any_more_is_not_told_of_success_because_somebody_else_made_the_same_change() {
    let backend = InMemory::new();
    let path = Fault::new(backend.clone()).with(Call::Apply, [Mishap::LostRequest]);
    let traffic = Retry::new(path).with_budget(quick());
    let change = to_green("ours");
    let ours = traffic.apply(&change);
    let theirs = async {
        tokio::time::sleep(SECOND / 2).await;
        backend.apply(&Change { fence: Fence::new(9), ..to_green("theirs") }).await.unwrap();
    };
    let (said, ()) = tokio::join!(ours, theirs);
    let said = said.unwrap_err();
    assert!(matches!(said, SwitchError::Unconfirmed { .. }), "{said:?}");
    let because = said.source().unwrap().to_string();
    insta::assert_snapshot!(because, @"fence 0 is behind 9: somebody with a newer lease has acted");
}

#[tokio::test(start_paused = true)]
async fn conveniences_go_through_the_layer_too() {
    let path = noted(|path| path.with(Call::Observe, [Mishap::LostRequest]));
    Retry::new(path).shift_to(Split::ALL_GREEN, OpId::new("shift")).await.unwrap();
}
