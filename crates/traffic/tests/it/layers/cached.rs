use handover_traffic::layers::{Cached, Call, Mishap};
use tokio::time::sleep;

use super::*;

fn cached() -> Cached<InMemory> {
    Cached::new(InMemory::new(), 5 * SECOND)
}

#[tokio::test(start_paused = true)]
async fn a_look_serves_for_a_while_and_no_longer() {
    let traffic = cached();
    traffic.observe().await.unwrap();
    traffic.inner().move_from_outside(Split::ALL_GREEN);
    sleep(4 * SECOND).await;
    assert_eq!(traffic.observe().await.unwrap().route.split, Split::ALL_BLUE);
    sleep(SECOND).await;
    assert_eq!(traffic.observe().await.unwrap().route.split, Split::ALL_GREEN);
}

#[tokio::test(start_paused = true)]
async fn what_a_change_was_answered_with_is_what_is_seen_next() {
    let traffic = cached();
    traffic.observe().await.unwrap();
    let made = traffic.apply(&to_green("shift")).await.unwrap();
    let received = traffic.inner().received();
    assert_eq!(traffic.observe().await.unwrap(), made);
    assert_eq!(traffic.inner().received(), received, "nobody was asked");
}

#[tokio::test(start_paused = true)]
async fn a_change_that_failed_ends_what_was_seen_before_it() {
    let traffic = cached();
    traffic.observe().await.unwrap();
    let stale = Change { expected: Expected::Revision(Revision::new(9)), ..to_green("shift") };
    traffic.inner().move_from_outside(Split::ALL_GREEN);
    assert!(matches!(traffic.apply(&stale).await, Err(SwitchError::Conflict { .. })));
    assert_eq!(traffic.observe().await.unwrap().route.split, Split::ALL_GREEN);
}

#[tokio::test(start_paused = true)]
async fn a_look_during_a_change_that_fails_or_is_given_up_is_not_kept() {
    // Given up after a second, and refused after two.
    for limit in [SECOND, 10 * SECOND] {
        let slow = Fault::new(InMemory::new()).with(Call::Apply, [Mishap::Delay(2 * SECOND)]);
        let traffic = Cached::new(slow, 5 * SECOND);
        let stale = Change { expected: Expected::Revision(Revision::new(9)), ..to_green("stale") };
        let changing = async {
            let made = tokio::time::timeout(limit, traffic.apply(&stale)).await;
            assert!(!matches!(made, Ok(Ok(_))));
        };
        let meanwhile = async {
            sleep(SECOND / 2).await;
            traffic.observe().await.unwrap()
        };
        let ((), seen) = tokio::join!(changing, meanwhile);
        traffic.inner().inner().move_from_outside(Split::ALL_GREEN);
        assert_ne!(traffic.observe().await.unwrap().route, seen.route, "{limit:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_look_that_a_change_overtook_is_not_kept() {
    let slow = Fault::new(InMemory::new()).with(Call::Observe, [Mishap::Delay(SECOND)]);
    let traffic = Cached::new(slow, 5 * SECOND);
    let green = to_green("shift");
    let late = async {
        sleep(SECOND / 2).await;
        traffic.apply(&green).await.unwrap()
    };
    let (before, made) = tokio::join!(traffic.observe(), late);
    drop(before);
    assert_eq!(traffic.observe().await.unwrap(), made);
}
