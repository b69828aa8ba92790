//! The end of a life, on a clock that is held still.

use std::time::Duration;

use handover_health::{DrainTimes, Drained, Health, Lifecycle, Stage};
use tokio::time::{Instant, sleep};

const SECOND: Duration = Duration::from_secs(1);
const TIMES: DrainTimes = DrainTimes { delay: Duration::from_secs(5), deadline: Duration::from_secs(25) };

/// A life that has begun to serve.
async fn serving() -> (Lifecycle, Health) {
    let health = Health::builder("shop", "2.0.0").start().unwrap();
    health.settled(SECOND).await;
    (health.lifecycle().clone(), health)
}

#[tokio::test(start_paused = true)]
async fn a_server_that_ends_in_time_is_drained_clean() {
    let (lifecycle, _health) = serving().await;
    let drained = lifecycle.drain(TIMES);
    lifecycle.closing().await;
    sleep(3 * SECOND).await;
    lifecycle.stopped();
    assert_eq!(drained.await, Drained::Clean);
}

#[tokio::test(start_paused = true)]
async fn what_is_open_at_the_deadline_is_cut() {
    let (lifecycle, _health) = serving().await;
    let begun = Instant::now();
    let drained = tokio::spawn(lifecycle.drain(TIMES));
    lifecycle.reached(Stage::Cutting).await;
    assert_eq!(begun.elapsed(), TIMES.deadline);
    // Let the waiting one see it, as a server would that needs a moment to end.
    sleep(SECOND).await;
    lifecycle.stopped();
    assert_eq!(drained.await.unwrap(), Drained::Cut);
}

#[tokio::test(start_paused = true)]
async fn a_second_wish_skips_the_delay_and_a_third_one_cuts() {
    let (lifecycle, _health) = serving().await;
    let begun = Instant::now();
    drop(lifecycle.drain(TIMES));
    lifecycle.hurry();
    assert_eq!(lifecycle.stage(), Stage::Closing);
    lifecycle.hurry();
    assert_eq!((lifecycle.stage(), begun.elapsed()), (Stage::Cutting, Duration::ZERO));
    lifecycle.hurry();
    assert_eq!(lifecycle.stage(), Stage::Cutting);
}

#[tokio::test(start_paused = true)]
async fn who_never_was_ready_waits_for_nobody() {
    let lifecycle = Lifecycle::held();
    let begun = Instant::now();
    drop(lifecycle.drain(TIMES));
    lifecycle.closing().await;
    assert_eq!(begun.elapsed(), Duration::ZERO);
    // Start-up that ends late does not bring it back.
    lifecycle.ready();
    assert_eq!(lifecycle.stage(), Stage::Closing);
}

#[tokio::test(start_paused = true)]
async fn a_delay_beyond_the_deadline_ends_with_it() {
    let (lifecycle, _health) = serving().await;
    let begun = Instant::now();
    drop(lifecycle.drain(DrainTimes { delay: 60 * SECOND, deadline: 10 * SECOND }));
    lifecycle.closing().await;
    assert_eq!(begun.elapsed(), 10 * SECOND);
}

#[tokio::test(start_paused = true)]
async fn a_second_drain_changes_nothing_and_waits_for_the_same_end() {
    let (lifecycle, _health) = serving().await;
    let begun = Instant::now();
    let first = lifecycle.drain(TIMES);
    let second = lifecycle.drain(DrainTimes { delay: Duration::ZERO, deadline: Duration::ZERO });
    lifecycle.closing().await;
    assert_eq!(begun.elapsed(), TIMES.delay);
    lifecycle.stopped();
    assert_eq!((first.await, second.await), (Drained::Clean, Drained::Clean));
}
