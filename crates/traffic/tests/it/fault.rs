//! The fault layer does what its script says, and nothing else.

use std::time::Duration;

use handover_core::{Fence, OpId, Retry, Slot};
use handover_traffic::layers::{Call, Fault, Mishap};
use handover_traffic::{
    Capabilities, Change, Drained, Expected, InMemory, Observed, RequestKind, Revision, Route, Split,
    SwitchError, TrafficSwitcher, Weights,
};
use tokio::time::{Instant, timeout};

fn to_green(op: &str) -> Change {
    let (route, op) = (Route::serve(Split::ALL_GREEN), OpId::new(op));
    Change { route, expected: Expected::Any, op, fence: Fence::ZERO }
}

async fn green_bps(traffic: &impl TrafficSwitcher) -> u16 {
    traffic.observe().await.unwrap().route.split.green_bps()
}

fn is_unconfirmed(answer: &Result<Observed, SwitchError>) -> bool {
    matches!(answer, Err(error) if error.retry() == Retry::AfterReadBack)
}

#[tokio::test]
async fn a_lost_acknowledgement_has_moved_traffic_and_a_lost_request_has_not() {
    let losses = [
        (Mishap::LostAck, Split::WHOLE),
        (Mishap::ResetAfter, Split::WHOLE),
        (Mishap::LostRequest, 0),
        (Mishap::ResetBefore, 0),
    ];
    for (mishap, moved_to) in losses {
        let traffic = Fault::new(InMemory::new()).with(Call::Apply, [mishap]);
        let answer = traffic.apply(&to_green("shift")).await;
        assert!(is_unconfirmed(&answer), "{mishap:?}: {answer:?}");
        assert_eq!(green_bps(&traffic).await, moved_to, "{mishap:?}");
    }
}

#[tokio::test]
async fn the_same_operation_again_heals_either_loss() {
    for mishap in
        [Mishap::LostAck, Mishap::LostRequest, Mishap::ResetBefore, Mishap::ResetAfter, Mishap::Reorder]
    {
        let traffic = Fault::new(InMemory::new()).with(Call::Apply, [mishap]);
        let change = Change { expected: Expected::Revision(Revision::new(0)), ..to_green("shift") };
        let _ = traffic.apply(&change).await;
        assert_eq!(traffic.apply(&change).await.unwrap().route, change.route, "{mishap:?}");
    }
}

#[tokio::test]
async fn a_change_dies_in_the_middle_only_where_it_has_one() {
    let in_steps = Capabilities::new(Weights::Any { step: 1 });
    let all_or_nothing = Capabilities::new(Weights::AllOrNothing);
    for (can, left_at) in [(in_steps.clone(), 5_000), (in_steps.with_atomic(), 0), (all_or_nothing, 0)] {
        let traffic = Fault::new(InMemory::with(can.clone())).with(Call::Apply, [Mishap::Partial]);
        let answer = traffic.apply(&to_green("shift")).await;
        assert!(is_unconfirmed(&answer), "{can:?}: {answer:?}");
        assert_eq!(green_bps(&traffic).await, left_at, "{can:?}");
        traffic.apply(&to_green("shift")).await.unwrap();
        assert_eq!(green_bps(&traffic).await, Split::WHOLE, "the repetition finishes what was begun");
    }
}

#[tokio::test]
async fn a_refusal_never_reaches_the_backend() {
    let traffic = Fault::new(InMemory::new()).with(Call::Apply, [Mishap::Refused]);
    let said = traffic.apply(&to_green("shift")).await.unwrap_err();
    assert!(matches!(said, SwitchError::Refused { .. }), "{said:?}");
    assert_eq!(traffic.inner().received(), 0);
}

#[tokio::test(start_paused = true)]
async fn who_gives_up_during_a_delay_has_moved_nothing_and_before_a_late_answer_everything() {
    let second = Duration::from_secs(1);
    for (mishap, moved_to) in [(Mishap::Delay(second), 0), (Mishap::LateAck(second), Split::WHOLE)] {
        let traffic = Fault::new(InMemory::new()).with(Call::Apply, [mishap]);
        assert!(timeout(second / 2, traffic.apply(&to_green("shift"))).await.is_err());
        assert_eq!(green_bps(&traffic).await, moved_to, "{mishap:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn who_waits_out_a_delay_gets_the_answer() {
    let (second, begun) = (Duration::from_secs(1), Instant::now());
    let script = [Mishap::Delay(second), Mishap::LateAck(second)];
    let traffic = Fault::new(InMemory::new()).with(Call::Apply, script);
    for op in ["first", "second", "third"] {
        traffic.apply(&to_green(op)).await.unwrap();
    }
    assert_eq!(begun.elapsed(), 2 * second, "and the third call was not struck");
}

#[tokio::test]
async fn each_method_has_a_script_of_its_own() {
    let traffic = Fault::new(InMemory::new())
        .with(Call::Observe, [Mishap::LostRequest])
        .with(Call::Drain, [Mishap::LostAck, Mishap::Partial]);
    traffic.apply(&to_green("shift")).await.unwrap();
    assert!(is_unconfirmed(&traffic.observe().await));
    let _open = traffic.inner().open(Slot::Blue, RequestKind::Stream);
    for _ in 0..2 {
        let said = traffic.drain(Slot::Blue, Duration::ZERO).await.unwrap_err();
        assert_eq!(said.retry(), Retry::AfterReadBack, "{said:?}");
    }
    let left = traffic.drain(Slot::Blue, Duration::ZERO).await.unwrap();
    assert_eq!(left, Drained::TimedOut { requests: 0, streams: 1, upgrades: 0 });
}

#[tokio::test]
async fn an_overtaken_change_arrives_after_the_next_call_of_any_method() {
    let traffic = Fault::new(InMemory::new()).with(Call::Apply, [Mishap::Reorder]);
    assert!(is_unconfirmed(&traffic.apply(&to_green("shift")).await));
    assert_eq!(traffic.inner().received(), 0, "it has not arrived");
    assert_eq!(green_bps(&traffic).await, 0, "the next call is answered before it");
    assert_eq!(green_bps(&traffic).await, Split::WHOLE, "and the one after that sees it");
}

#[tokio::test]
async fn an_overtaken_change_that_names_its_revision_does_not_win_over_the_next_one() {
    let traffic = Fault::new(InMemory::new()).with(Call::Apply, [Mishap::Reorder]);
    let planned = Expected::Revision(Revision::new(0));
    let _ = traffic.apply(&Change { expected: planned, ..to_green("overtaken") }).await;
    let back = Change { route: Route::serve(Split::ALL_BLUE), expected: planned, ..to_green("the next one") };
    traffic.apply(&back).await.unwrap();
    let seen = traffic.observe().await.unwrap();
    assert_eq!((seen.route, seen.last_op), (back.route, Some(back.op)));
    assert_eq!(traffic.inner().received(), 2);
}

#[tokio::test]
async fn a_throttled_call_names_the_wait_and_never_reaches_the_backend() {
    let wait = Duration::from_secs(30);
    let traffic = Fault::new(InMemory::new()).with(Call::Apply, [Mishap::Throttled(wait)]);
    let said = traffic.apply(&to_green("shift")).await.unwrap_err();
    assert_eq!((said.retry(), traffic.inner().received()), (Retry::After(wait), 0));
    insta::assert_snapshot!(said, @"the faulty path asks to wait 30s");
}

#[tokio::test]
async fn a_reset_names_its_cause() {
    let traffic = Fault::new(InMemory::new()).with(Call::Observe, [Mishap::ResetBefore]);
    let said = traffic.observe().await.unwrap_err();
    insta::assert_snapshot!(std::error::Error::source(&said).unwrap(), @"connection reset");
}
