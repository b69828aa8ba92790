//! From requests to a verdict, as a proxy and a driver do it.

use std::time::Duration;

use handover_monitor::{
    Action, Analysis as _, Meter, Outcome, PairCutter, PairRing, Pairs, ThresholdAnalysis, ThresholdLimits,
};

const LIMIT: Duration = Duration::from_millis(500);
const TICK: Duration = Duration::from_millis(10);

/// 200 requests/s on the candidate and 1,800 on stable, for as long as it takes; the time of the verdict.
fn taken_back_after(end: impl Fn(&Meter, Duration)) -> Option<Duration> {
    let (candidate, stable) = (Meter::new(), Meter::new());
    let mut cutter = PairCutter::new(
        3,
        Duration::ZERO,
        1_000,
        candidate.read(Duration::ZERO, LIMIT),
        stable.read(Duration::ZERO, LIMIT),
    );
    let mut ring = PairRing::new(3);
    let mut analysis = ThresholdAnalysis::new(ThresholdLimits::default());
    let mut read = 0;
    (1..500).map(|tick| TICK * tick).find(|&now| {
        (0..18).for_each(|_| stable.finish(stable.start(now), now + TICK, Outcome::Ok));
        (0..2).for_each(|_| end(&candidate, now));
        if let Some(pair) = cutter.tick(now, 1_000, candidate.read(now, LIMIT), stable.read(now, LIMIT)) {
            ring.push(pair);
        }
        let Pairs { missed, pairs, .. } = ring.after(read);
        assert_eq!(missed, 0);
        for pair in &pairs {
            analysis.observe(pair);
        }
        read = ring.latest();
        analysis.verdict().action == Action::RollBack
    })
}

#[test]
fn failing_fully_at_200_a_second_is_seen_well_within_a_second() {
    let after = taken_back_after(|meter, now| meter.finish(meter.start(now), now, Outcome::Error));
    assert!(after.is_some_and(|after| after <= Duration::from_millis(150)), "{after:?}");
}

#[test]
fn hanging_is_seen_soon_after_the_first_requests_crossed_the_limit() {
    let after = taken_back_after(|meter, now| std::mem::forget(meter.start(now)));
    assert!(after.is_some_and(|after| after <= LIMIT + Duration::from_millis(400)), "{after:?}");
}

#[test]
fn a_good_candidate_is_left_alone() {
    let after = taken_back_after(|meter, now| meter.finish(meter.start(now), now + TICK, Outcome::Ok));
    assert_eq!(after, None);
}

#[test]
fn windows_go_over_the_wire_and_come_back() {
    let meter = Meter::new();
    let none = || Meter::new().read(TICK, LIMIT);
    let mut cutter = PairCutter::new(3, Duration::ZERO, 1_000, none(), none());
    (0..30).for_each(|_| meter.finish(meter.start(TICK), TICK * 2, Outcome::Ok));
    let pair =
        cutter.tick(TICK * 30, 1_000, meter.read(TICK * 30, LIMIT), none()).expect("a quarter of a second");
    let mut ring = PairRing::new(3);
    ring.push(pair);
    let json = serde_json::to_string(&ring.after(0)).expect("plain data");
    insta::assert_snapshot!(json, @r#"{"epoch":3,"missed":0,"pairs":[{"seq":1,"epoch":3,"candidate_bps":1000,"lasted_ms":300,"candidate":{"n":30,"errors":0,"over":0,"in_flight_over":0,"hist":[[524,30]]},"stable":{"n":0,"errors":0,"over":0,"in_flight_over":0,"hist":[]}}]}"#);
    assert_eq!(serde_json::from_str::<Pairs>(&json).expect("own output"), ring.after(0));
}
