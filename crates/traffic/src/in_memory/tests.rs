use handover_core::{Fence, ManualClock, OpId, Timestamp};

use super::*;
use crate::{Expected, Mode, Route, Split};

fn change(route: Route, op: &str) -> Change {
    Change { route, expected: Expected::Any, op: OpId::new(op), fence: Fence::ZERO }
}

#[tokio::test(start_paused = true)]
async fn a_drain_ends_at_the_moment_the_last_request_does() {
    let traffic = InMemory::new();
    let open = [RequestKind::Request, RequestKind::Stream, RequestKind::Upgrade]
        .map(|kind| traffic.open(Slot::Green, kind));
    let ends = async {
        for request in open {
            tokio::time::sleep(Duration::from_secs(1)).await;
            drop(request);
        }
    };
    let (drained, ()) = tokio::join!(traffic.drain(Slot::Green, Duration::from_mins(1)), ends);
    assert_eq!(drained.unwrap(), Drained::Clean { waited: Duration::from_secs(3) });
}

#[tokio::test(start_paused = true)]
async fn a_drain_that_reaches_its_limit_says_what_is_left_of_each_kind() {
    let traffic = InMemory::new();
    let _open = [RequestKind::Stream, RequestKind::Stream, RequestKind::Upgrade]
        .map(|kind| traffic.open(Slot::Green, kind));
    let drained = traffic.drain(Slot::Green, Duration::from_secs(5)).await.unwrap();
    assert_eq!(drained, Drained::TimedOut { requests: 0, streams: 2, upgrades: 1 });
}

#[tokio::test(start_paused = true)]
async fn a_slot_that_gets_weight_while_it_is_drained_is_refused_at_once() {
    let traffic = InMemory::new();
    let _open = traffic.open(Slot::Green, RequestKind::Request);
    let shift = async {
        tokio::time::sleep(Duration::from_secs(1)).await;
        traffic.apply(&change(Route::serve(Split::ALL_GREEN), "back")).await
    };
    let (drained, shifted) = tokio::join!(traffic.drain(Slot::Green, Duration::from_mins(1)), shift);
    shifted.unwrap();
    let said = drained.unwrap_err();
    assert!(matches!(said, SwitchError::Refused { .. }), "{said:?}");
}

#[tokio::test(start_paused = true)]
async fn a_timed_drain_waits_for_its_bound_and_never_claims_to_have_counted() {
    let bound = Duration::from_secs(5);
    let can = Capabilities::new(Weights::AllOrNothing).with_drain(DrainSupport::Timed { bound });
    let traffic = InMemory::with(can);
    let drained = traffic.drain(Slot::Green, Duration::from_mins(1)).await.unwrap();
    assert_eq!(drained, Drained::Assumed { waited: bound });
    let cut = traffic.drain(Slot::Green, Duration::from_secs(1)).await.unwrap();
    assert!(matches!(cut, Drained::TimedOut { .. }), "a bound not waited for is not assumed: {cut:?}");
}

#[tokio::test(start_paused = true)]
async fn requests_that_arrive_during_a_hold_wait_for_its_end() {
    let clock = Arc::new(ManualClock::new());
    let traffic = InMemory::new().with_clock(clock.clone());
    let hold = Route::hold(Split::ALL_GREEN, Timestamp::from_unix_millis(5_000));
    traffic.apply(&change(hold, "hold")).await.unwrap();
    let ends = async {
        tokio::time::sleep(Duration::from_secs(2)).await;
        clock.advance(Duration::from_secs(5));
    };
    let (request, ()) = tokio::join!(traffic.arrive(), ends);
    assert_eq!(request.slot(), Slot::Green);
    assert_eq!(traffic.observe().await.unwrap().route.mode, Mode::Serve, "the hold ended by itself");
}

#[tokio::test(start_paused = true)]
async fn a_hold_that_is_lifted_lets_the_waiting_go_at_once() {
    let traffic = InMemory::new();
    let until = Timestamp::now().plus(Duration::from_hours(1));
    traffic.apply(&change(Route::hold(Split::ALL_BLUE, until), "hold")).await.unwrap();
    let begun = Instant::now();
    let lift = change(Route::serve(Split::ALL_BLUE), "unhold");
    let (request, lifted) = tokio::join!(traffic.arrive(), traffic.apply(&lift));
    lifted.unwrap();
    assert_eq!((request.slot(), begun.elapsed()), (Slot::Blue, Duration::ZERO));
}

#[tokio::test]
async fn of_a_hundred_requests_exactly_the_share_goes_to_green() {
    for bps in [0, 100, 1_000, 3_300, 9_900, 10_000] {
        let traffic = InMemory::new();
        let split = Split::from_green_bps(bps).unwrap();
        traffic.apply(&change(Route::serve(split), "share")).await.unwrap();
        for _ in 0..100 {
            drop(traffic.arrive().await);
        }
        let served = traffic.observe().await.unwrap().served.unwrap();
        assert_eq!((served.blue, served.green), (100 - u64::from(bps / 100), u64::from(bps / 100)));
    }
}

#[tokio::test]
async fn one_name_for_two_different_wishes_is_refused() {
    let traffic = InMemory::new();
    traffic.apply(&change(Route::serve(Split::ALL_GREEN), "shift")).await.unwrap();
    let said = traffic.apply(&change(Route::serve(Split::ALL_BLUE), "shift")).await.unwrap_err();
    assert!(matches!(said, SwitchError::Refused { .. }), "{said:?}");
    assert_eq!(traffic.observe().await.unwrap().route.split, Split::ALL_GREEN);
}

#[tokio::test]
async fn a_repeated_operation_of_a_newer_lease_shuts_the_older_one_out() {
    let traffic = InMemory::new();
    let shift = change(Route::serve(Split::ALL_GREEN), "shift");
    traffic.apply(&Change { fence: Fence::new(1), ..shift.clone() }).await.unwrap();
    traffic.apply(&Change { fence: Fence::new(2), ..shift.clone() }).await.unwrap();
    let said = traffic.apply(&Change { fence: Fence::new(1), ..shift }).await.unwrap_err();
    assert!(matches!(said, SwitchError::Fenced { .. }), "{said:?}");
}
