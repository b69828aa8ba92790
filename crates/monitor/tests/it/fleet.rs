//! Many instances added up: exactly, in any order, each slice once.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

use handover_core::{ManualClock, Timestamp};
use handover_monitor::fleet::{Fleet, FleetLimits, SeriesName, Slice, Slicer, Sums, Taken};
use handover_monitor::{Histogram, LatencySink as _, Outcome, Series, Totals};
use proptest::collection::vec;
use proptest::prelude::*;

const EPOCH: u64 = 1_700_000_000_000;

fn at(second: u64) -> Timestamp {
    Timestamp::from_unix_millis(EPOCH + 1_000 * second)
}

fn name(release: &str, endpoint: &str) -> SeriesName {
    SeriesName::new(release.parse().expect("a name"), endpoint.parse().expect("a name"))
}

fn ok(millis: &[u64]) -> Totals {
    let ok = millis.iter().copied().map(Duration::from_millis).collect();
    Totals { ok, ..Totals::default() }
}

fn slice(instance: &str, epoch: u64, seq: u64, counted: Sums) -> Slice {
    let (instance, lasted) = (instance.parse().expect("a name"), Duration::from_secs(1));
    Slice { instance, epoch, seq, ended: at(seq), lasted, counted }
}

fn one(instance: &str, epoch: u64, seq: u64) -> Slice {
    slice(instance, epoch, seq, [(name("v1", "GET /"), ok(&[seq]))].into_iter().collect())
}

fn sums() -> impl Strategy<Value = Sums> {
    let name = ("v[12]", "GET /[ab]").prop_map(|(release, endpoint)| name(&release, &endpoint));
    let row = || {
        vec((0u64..1_000_000, 1u64..4), 0..4).prop_map(|samples| {
            let mut row = Histogram::default();
            for (micros, count) in samples {
                (0..count).for_each(|_| row.add(Duration::from_micros(micros)));
            }
            row
        })
    };
    let totals = (row(), row(), row()).prop_map(|(ok, errors, cancelled)| Totals { ok, errors, cancelled });
    vec((name, totals), 0..5).prop_map(Sums::from_iter)
}

fn merged(parts: &[&Sums]) -> Sums {
    let mut all = Sums::default();
    for part in parts {
        all.merge(part);
    }
    all
}

/// What two instances in three lives may have sent: any slices, each in its own second.
fn sent() -> impl Strategy<Value = Vec<Slice>> {
    let source = prop_oneof![Just(("web-1", 1)), Just(("web-1", 2)), Just(("web-2", 1))];
    vec((source, 1u64..30, sums()), 0..25).prop_map(|slices| {
        let mut known = BTreeSet::new();
        let fresh = slices.into_iter().filter(|(source, seq, _)| known.insert((*source, *seq)));
        fresh.map(|((instance, epoch), seq, counted)| slice(instance, epoch, seq, counted)).collect()
    })
}

fn received<'a>(slices: impl IntoIterator<Item = &'a Slice>) -> Fleet {
    let mut fleet = Fleet::default();
    for slice in slices {
        fleet.take(slice.clone(), at(30)).expect("within the limits");
    }
    fleet
}

proptest! {
    #[test]
    fn merging_is_associative_commutative_and_has_an_identity(a in sums(), b in sums(), c in sums()) {
        prop_assert_eq!(merged(&[&merged(&[&a, &b]), &c]), merged(&[&a, &merged(&[&b, &c])]));
        prop_assert_eq!(merged(&[&a, &b]), merged(&[&b, &a]));
        prop_assert_eq!(merged(&[&a, &Sums::default()]), a.clone());
        prop_assert_eq!(merged(&[&Sums::default(), &a]), a);
    }

    #[test]
    fn order_and_repetition_change_nothing(
        (slices, shuffled, again) in sent().prop_flat_map(|slices| {
            let again = vec(any::<prop::sample::Index>(), 0..10);
            (Just(slices.clone()), Just(slices).prop_shuffle(), again)
        })
    ) {
        let (one, mut other) = (received(&slices), received(&shuffled));
        prop_assert_eq!(&one, &other);
        for index in again.iter().filter(|_| !slices.is_empty()) {
            prop_assert_eq!(other.take(index.get(&slices).clone(), at(30)), Ok(Taken::Again));
        }
        prop_assert_eq!(one.sum(), other.sum());
        prop_assert_eq!(one.window(Duration::from_secs(10), at(30)), other.window(Duration::from_secs(10), at(30)));
    }

    #[test]
    fn the_sum_is_that_of_all_slices_and_a_window_that_of_its_own(slices in sent(), last in 0u64..40) {
        let fleet = received(&slices);
        prop_assert_eq!(fleet.sum(), &merged(&slices.iter().map(|slice| &slice.counted).collect::<Vec<_>>()));
        let recent = slices.iter().filter(|slice| slice.ended > at(30u64.saturating_sub(last)));
        let recent = merged(&recent.map(|slice| &slice.counted).collect::<Vec<_>>());
        prop_assert_eq!(fleet.window(Duration::from_secs(last), at(30)), recent);
    }

    #[test]
    fn every_hole_is_told(slices in sent()) {
        for stream in received(&slices).streams() {
            let of_stream = |slice: &&Slice| slice.instance == stream.instance && slice.epoch == stream.epoch;
            let came: BTreeSet<_> = slices.iter().filter(of_stream).map(|slice| slice.seq).collect();
            let span = *came.first().expect("one")..=*came.last().expect("one");
            let missing: Vec<_> = span.filter(|seq| !came.contains(seq)).collect();
            prop_assert_eq!(stream.gaps.iter().cloned().flatten().collect::<Vec<_>>(), missing.clone());
            prop_assert_eq!((stream.missing, stream.slices), (missing.len() as u64, came.len() as u64));
        }
    }
}

#[test]
fn the_p95_of_a_fleet_is_that_of_all_its_requests_and_no_average() {
    let clock = Arc::new(ManualClock::new());
    let mut fleet = Fleet::default();
    let mut everything = Histogram::default();
    // A busy fast instance, and one with few requests, all slow.
    for (instance, requests, millis) in [("web-1", 990u64, 10u64), ("web-2", 10, 2_000)] {
        let series = Series::new();
        let mut slicer = Slicer::new(clock.clone(), instance.parse().expect("a name"));
        for nth in 0..requests {
            let took = Duration::from_millis(millis) + Duration::from_micros(nth);
            series.record(took, Outcome::Ok);
            everything.add(took);
        }
        let bytes = slicer.cut([(name("v1", "GET /"), series.totals())]).to_bytes().expect("small");
        fleet.take(Slice::from_bytes(&bytes).expect("own"), Timestamp::default()).expect("room");
    }
    let all = fleet.sum().release(&"v1".parse().expect("a name")).completed();
    assert_eq!(all, everything);
    let p95 = all.quantile(0.95).expect("requests").value;
    assert!(p95 < Duration::from_millis(12), "{p95:?}: the average of the two would be a second");
}

#[test]
fn a_restart_is_told_and_late_slices_of_the_old_life_still_count() {
    let mut fleet = Fleet::default();
    assert_eq!(fleet.take(one("web-1", 5, 1), at(9)), Ok(Taken::New));
    assert_eq!(fleet.take(one("web-1", 5, 3), at(9)), Ok(Taken::New));
    assert_eq!(fleet.take(one("web-1", 8, 1), at(9)), Ok(Taken::Restarted));
    assert_eq!(fleet.take(one("web-1", 5, 2), at(9)), Ok(Taken::New));
    assert_eq!(fleet.take(one("web-1", 8, 1), at(9)), Ok(Taken::Again));
    assert_eq!(fleet.sum().get(&name("v1", "GET /")), Some(&ok(&[1, 3, 1, 2])));
    let streams = fleet.streams();
    let told: Vec<_> =
        streams.iter().map(|s| (s.epoch, s.current, s.last, s.slices, s.again, s.missing)).collect();
    assert_eq!(told, [(5, false, 3, 3, 0, 0), (8, true, 1, 1, 1, 0)]);
}

#[test]
fn what_the_horizon_passes_is_forgotten_and_cannot_be_counted_twice() {
    let mut fleet = Fleet::default();
    fleet.take(one("web-1", 1, 1), at(1)).expect("room");
    fleet.take(one("web-2", 1, 901), at(901)).expect("room");
    assert_eq!(fleet.streams().len(), 2);
    fleet.take(one("web-2", 1, 902), at(902)).expect("room");
    assert_eq!(fleet.streams().len(), 1);
    assert!(fleet.take(one("web-1", 1, 1), at(902)).is_err());
    assert_eq!(fleet.sum().release(&"v1".parse().expect("a name")).count(), 3);
    assert_eq!(
        fleet.window(Duration::from_secs(9_999), at(902)).release(&"v1".parse().expect("a name")).count(),
        2
    );
}

#[test]
fn what_is_not_taken_says_why_and_changes_nothing() {
    let mut limits = FleetLimits::default();
    (limits.instances, limits.series, limits.slices) = (2, 2, 3);
    let mut fleet = Fleet::new(limits);
    for seq in [1, 2] {
        fleet.take(one("web-1", 1, seq), at(2)).expect("room");
    }
    let many =
        slice("web-1", 1, 3, ["a", "b"].map(|path| (name("v1", path), ok(&[1]))).into_iter().collect());
    let before = fleet.clone();
    let refused =
        |fleet: &mut Fleet, slice, second| fleet.take(slice, at(second)).expect_err("refused").to_string();
    insta::assert_snapshot!(refused(&mut fleet, many, 3), @"there is no room for `b` of v1, sent by web-1: 2 series are the most");
    insta::assert_snapshot!(refused(&mut fleet, one("web-1", 1, 99), 2), @"the clock of web-1 is 97s ahead of this one");
    assert_eq!(fleet, before);
    fleet.take(one("web-2", 1, 2), at(2)).expect("room");
    insta::assert_snapshot!(refused(&mut fleet, one("web-1", 1, 3), 3), @"there is no room for a slice of web-1: 3 within the horizon are the most (longer slices need less)");
    insta::assert_snapshot!(refused(&mut fleet, one("web-3", 1, 3), 3), @"there is no room for web-3: 2 instances are the most");
    assert_eq!(fleet.take(one("web-2", 1, 2), at(3)), Ok(Taken::Again), "a full fleet knows what it has");
    insta::assert_snapshot!(refused(&mut fleet, one("web-1", 1, 3), 904), @"slice 3 of web-1 is 901s old, and 900s is as far as is remembered");
}
