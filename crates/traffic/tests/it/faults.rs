//! Fault schedules over what is real, or strict: a sample of what `cargo xtask soak faults` runs by the thousand.

use handover_traffic::testkit::{Subject, Tally, schedules};

/// They end in a known state, and all that was to happen did: calls made, refused, unknown, struck from behind.
async fn sound(subject: &dyn Subject, seeds: std::ops::Range<u64>) -> Tally {
    let verdict = schedules(subject, seeds).await;
    assert!(verdict.is_sound(), "{verdict}");
    let tally = verdict.tally();
    assert!(
        [tally.made, tally.refused, tally.unknown, tally.struck].iter().all(|count| *count > 0),
        "{verdict}"
    );
    verdict.tally()
}

#[tokio::test]
async fn a_program_that_dies_before_and_after_leaves_a_known_state() {
    sound(&crate::exec::Router::swift().await, 0..12).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn haproxy_is_never_without_weight_and_in_a_known_state() {
    let subject = crate::haproxy::subject::OnHaproxy::start().await;
    if subject.weighed().await.is_some() {
        let tally = sound(&subject, 0..12).await;
        assert!(tally.looks > 100, "{tally:?}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn railway_in_place_ends_in_a_known_state() {
    sound(&crate::railway::conformance::Shop::open().await, 0..12).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn vercels_promotions_end_in_a_known_state() {
    sound(&crate::vercel::conformance::promoting().await, 0..12).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn vercels_rolling_releases_end_in_a_known_state() {
    sound(&crate::vercel::conformance::rolling().await, 0..12).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_composite_of_haproxy_and_a_program_ends_in_a_known_state() {
    if let Some(subject) = crate::unlike::Unlike::start().await {
        sound(&subject, 0..12).await;
    }
}
