use handover_core::ManualClock;

use super::*;
use crate::windows::{Window, WindowView};

const TOOK: Duration = Duration::from_millis(20);
const BLUE: ReleaseIndex = ReleaseIndex::new(0);
const GREEN: ReleaseIndex = ReleaseIndex::new(1);

fn registry() -> (Arc<ManualClock>, Registry) {
    let clock = Arc::new(ManualClock::new());
    let builder = Registry::builder().route("/orders/{id}").route("/orders");
    (clock.clone(), builder.build(clock).expect("two routes"))
}

fn counted(registry: &Registry, handle: SeriesHandle, release: ReleaseIndex) -> u64 {
    registry.series(handle, release).totals().count()
}

#[test]
fn a_cutover_is_one_store_and_samples_go_to_the_other_release() {
    let (_, registry) = registry();
    let orders = registry.find("/orders").expect("registered");
    registry.record(orders, TOOK, Outcome::Ok);
    registry.cut_over(GREEN);
    registry.record(orders, TOOK, Outcome::Ok);
    registry.record_route("/orders", TOOK, Outcome::Error);
    assert_eq!(
        (registry.current(), counted(&registry, orders, BLUE), counted(&registry, orders, GREEN)),
        (GREEN, 1, 2)
    );
}

#[test]
fn what_matches_no_route_is_two_series_and_a_few_names() {
    let (_, registry) = registry();
    for number in 0..1_000 {
        registry.record_unmatched(&format!("/.git/{number}"), TOOK, Outcome::Ok);
    }
    registry.record_route("/late", TOOK, Outcome::Ok);
    assert_eq!(counted(&registry, registry.unmatched(), BLUE), 1_000);
    assert_eq!(counted(&registry, registry.other(), BLUE), 1);
    assert!(registry.frequent_unmatched().len() <= 32);
    assert_eq!(registry.frequent_other(), [Frequent { text: "/late".into(), count: 1, over: 0 }]);
    let names: Vec<_> =
        registry.routes().map(|(name, handle)| (name, counted(&registry, handle, BLUE))).collect();
    assert_eq!(names, [("/orders/{id}", 0), ("/orders", 0), ("unmatched", 1_000), ("other", 1)]);
}

#[test]
fn one_tick_is_for_all_and_another_release_begins_with_empty_windows() {
    let (clock, registry) = registry();
    let orders = registry.find("/orders").expect("registered");
    let minute = |release| {
        let reading = registry.windows(orders, release).read(&Window::Last(Duration::from_mins(1)));
        reading.expect("kept").count
    };
    for release in [BLUE, GREEN] {
        registry.cut_over(release);
        registry.record(orders, TOOK, Outcome::Ok);
    }
    clock.advance(Duration::from_secs(1));
    registry.tick();
    assert_eq!((minute(BLUE), minute(GREEN)), (1, 1));
    registry.begin(BLUE);
    assert_eq!((minute(BLUE), minute(GREEN)), (0, 1));
}

#[test]
fn a_strangers_handle_and_release_count_somewhere_and_never_panic() {
    let (_, registry) = registry();
    registry.cut_over(ReleaseIndex::new(7));
    registry.record(SeriesHandle(u32::MAX), TOOK, Outcome::Ok);
    assert_eq!((registry.current(), counted(&registry, registry.other(), GREEN)), (GREEN, 1));
}

#[test]
fn more_series_than_allowed_and_a_route_twice_are_refused() {
    let clock = || Arc::new(ManualClock::new());
    let many = (0..200).fold(Registry::builder(), |builder, number| builder.route(format!("/user/{number}")));
    let why = many.clone().build(clock()).expect_err("400 series");
    insta::assert_snapshot!(why, @"routes times releases make 400 series, more than 256: register templates, not paths, or raise the bound");
    assert!(many.bound(400).build(clock()).is_ok());
    let why = Registry::builder().route("/a").route("/a").build(clock()).expect_err("twice");
    insta::assert_snapshot!(why, @"the route /a is registered twice");
}
