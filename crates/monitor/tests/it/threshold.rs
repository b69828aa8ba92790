use std::time::Duration;

use handover_monitor::{
    Action, Analysis as _, ArmWindow, Metric, ThresholdAnalysis, ThresholdLimits, Verdict,
};

use crate::sim::{Arm, Watch, counts, pair};

fn rolls_back(verdict: &Verdict) -> bool {
    verdict.action == Action::RollBack
}

/// The mean number of 250 ms windows until the candidate is taken back, over 20 seeds, after `clean` good seconds.
fn mean_windows(clean: u64, candidate: Arm, stable: Arm) -> f64 {
    let mut sum = 0;
    for seed in 1..=20 {
        let mut watch = Watch::new(seed, 1_000);
        let verdict = watch.after(clean, Arm::good(candidate.n), stable);
        assert!(!rolls_back(&verdict), "seed {seed}: {}", verdict.reason);
        sum += watch.run(60, candidate, stable, rolls_back).unwrap_or_else(|| panic!("seed {seed} never"));
    }
    f64::from(u32::try_from(sum).expect("small")) / 20.0
}

#[test]
fn a_candidate_that_fails_fully_is_taken_back_in_the_first_window() {
    // 200 requests/s of its own: 50 in 250 ms.
    assert!(mean_windows(0, Arm::good(50).failing(1.0), Arm::good(450)) <= 1.0);
    let mut watch = Watch::new(1, 1_000);
    watch.take(counts(20, 20), counts(180, 0));
    assert!(rolls_back(&watch.analysis.verdict()));
}

#[test]
fn it_is_taken_back_as_fast_after_good_minutes() {
    assert!(mean_windows(120, Arm::good(50).failing(1.0), Arm::good(450)) <= 1.0);
}

#[test]
fn a_fifth_failing_of_thirty_a_second_takes_about_two_seconds() {
    let candidate = Arm::good(8).failing(0.2);
    let fresh = mean_windows(0, candidate, Arm::good(68));
    assert!(fresh <= 8.0, "{fresh} windows of 250 ms");
    let late = mean_windows(90, candidate, Arm::good(68));
    assert!(late <= 10.0, "{late} windows of 250 ms");
}

#[test]
fn a_trickle_is_judged_over_the_whole_horizon() {
    // 2 requests/s, half of them failing: no short stretch holds 20.
    let mut watch = Watch::new(5, 1_000);
    let mut seconds = 0;
    while !rolls_back(&watch.analysis.verdict()) {
        seconds += 1;
        assert!(seconds <= 15, "{}", watch.analysis.verdict().reason);
        watch.after(1, Arm::good(0), Arm::good(5));
        watch.take(counts(2, 1), counts(18, 0));
    }
}

#[test]
fn a_service_below_its_limits_is_left_alone_however_often_one_looks() {
    // 1 % errors and 1 % slow on both sides, 40 + 360 requests/s, looked at 4 times a second.
    for seed in 1..=4 {
        let mut watch = Watch::new(seed, 1_000);
        let arm = |n| Arm::good(n).failing(0.01).slow(0.01);
        let blamed = watch.run(150, arm(10), arm(90), rolls_back);
        assert_eq!(blamed, None, "seed {seed}: {}", watch.analysis.verdict().reason);
    }
}

#[test]
fn a_shared_incident_waits_and_never_blames() {
    for seed in 1..=12 {
        let mut watch = Watch::new(seed, 1_000);
        watch.after(30, Arm::good(10), Arm::good(90));
        let hit = |n| Arm::good(n).failing(0.4).slow(0.5);
        assert_eq!(
            watch.run(40, hit(10), hit(90), rolls_back),
            None,
            "seed {seed}: {}",
            watch.analysis.verdict().reason
        );
        assert_eq!(watch.analysis.verdict().action, Action::Wait);
    }
}

#[test]
fn an_early_blip_is_forgiven_after_a_minute() {
    let mut watch = Watch::new(1, 1_000);
    watch.take(counts(40, 4), counts(360, 0));
    assert_eq!(watch.analysis.verdict().action, Action::Wait);
    assert_eq!(watch.after(70, Arm::good(10), Arm::good(90)).action, Action::Promote);
}

#[test]
fn a_new_split_begins_new_counts() {
    let mut watch = Watch::new(1, 1_000);
    watch.after(10, Arm::good(10).failing(0.1), Arm::good(90).failing(0.1));
    watch.bps = 5_000;
    watch.take(counts(3, 0), counts(3, 0));
    assert_eq!(
        (watch.analysis.verdict().metric, watch.analysis.verdict().evidence.candidate_n),
        (Metric::Traffic, 3)
    );
}

#[test]
fn no_data_waits() {
    let mut analysis = ThresholdAnalysis::new(ThresholdLimits::default());
    assert_eq!((analysis.verdict().action, analysis.verdict().metric), (Action::Wait, Metric::Traffic));
    for seq in 1..=100 {
        analysis.observe(&pair(seq, 1_000, ArmWindow::default(), counts(90, 0)));
    }
    assert_eq!((analysis.verdict().action, analysis.verdict().metric), (Action::Wait, Metric::Traffic));
}

#[test]
fn a_slow_candidate_is_taken_back_and_a_service_that_always_was_is_not() {
    let slow = |n| Arm::good(n).slow(0.2).taking(40);
    let mut watch = Watch::new(1, 1_000);
    let verdict = watch.after(20, slow(10), Arm::good(90));
    assert_eq!(
        (verdict.action, verdict.metric, verdict.evidence.attributed),
        (Action::RollBack, Metric::P95, true)
    );
    let mut watch = Watch::new(1, 1_000);
    assert_eq!(watch.after(20, slow(10), slow(90)).action, Action::Wait);
}

#[test]
fn a_candidate_that_hangs_is_taken_back_without_one_completion() {
    let mut watch = Watch::new(1, 1_000);
    for _ in 0..3 {
        watch.take(ArmWindow { in_flight_over: 7, ..ArmWindow::default() }, counts(63, 0));
    }
    let verdict = watch.analysis.verdict();
    assert_eq!((verdict.action, verdict.metric), (Action::RollBack, Metric::P95));
}

#[test]
fn twice_stables_p95_is_too_slow_and_half_as_much_again_is_not() {
    let mut watch = Watch::new(1, 1_000);
    let verdict = watch.after(20, Arm::good(10).taking(100), Arm::good(90).taking(40));
    assert_eq!((verdict.action, verdict.metric), (Action::RollBack, Metric::P95Ratio));
    let mut watch = Watch::new(1, 1_000);
    assert_eq!(watch.after(20, Arm::good(10).taking(60), Arm::good(90).taking(40)).action, Action::Promote);
}

#[test]
fn a_few_milliseconds_are_never_too_slow() {
    let mut watch = Watch::new(1, 1_000);
    assert_eq!(watch.after(20, Arm::good(10).taking(9), Arm::good(90).taking(1)).action, Action::Promote);
}

#[test]
fn alone_the_limits_decide_without_attribution() {
    let mut watch = Watch::new(1, 10_000);
    let verdict = watch.after(5, Arm::good(50).failing(0.3), Arm::good(0));
    assert_eq!(
        (verdict.action, verdict.evidence.attributed, verdict.evidence.stable_n),
        (Action::RollBack, false, 0)
    );
}

#[test]
fn alone_latency_is_compared_with_stables_past() {
    let slow = |n| Arm::good(n).slow(0.2).taking(40);
    let mut watch = Watch::new(1, 5_000);
    watch.after(20, slow(50), slow(50));
    watch.bps = 10_000;
    assert_eq!(watch.after(20, slow(100), Arm::good(0)).action, Action::Wait, "it was always slow");

    let mut watch = Watch::new(1, 5_000);
    watch.after(20, Arm::good(50).taking(40), Arm::good(50).taking(40));
    watch.bps = 10_000;
    let verdict = watch.after(20, Arm::good(100).taking(100), Arm::good(0));
    assert_eq!((verdict.action, verdict.metric), (Action::RollBack, Metric::P95Ratio));
    assert!(!verdict.evidence.attributed && verdict.evidence.stable_p95.is_some());
}

#[test]
fn the_first_release_alone_can_be_proven() {
    let mut watch = Watch::new(1, 10_000);
    assert_eq!(watch.after(5, Arm::good(50), Arm::good(0)).action, Action::Promote);
}

#[test]
fn a_promotion_needs_enough_requests_on_both_sides() {
    let mut watch = Watch::new(1, 1_000);
    assert_eq!(watch.after(1, Arm::good(50), Arm::good(450)).action, Action::Continue);
    assert_eq!(watch.after(1, Arm::good(50), Arm::good(450)).action, Action::Promote);
    let mut watch = Watch::new(1, 9_900);
    assert_eq!(watch.after(5, Arm::good(99), Arm::good(1)).action, Action::Continue);
}

#[test]
fn a_raised_limit_is_the_one_judged_by() {
    let limits = ThresholdLimits::default().with_max_error_rate(0.5).with_max_p95(Duration::from_secs(2));
    let mut analysis = ThresholdAnalysis::new(limits);
    analysis.observe(&pair(1, 1_000, counts(100, 30), counts(900, 0)));
    assert_ne!(analysis.verdict().action, Action::RollBack);
}

#[test]
fn more_errors_can_be_asked_for_before_anybody_is_blamed() {
    let mut limits = ThresholdLimits::default();
    limits.min_errors = 41;
    let mut analysis = ThresholdAnalysis::new(limits);
    analysis.observe(&pair(1, 1_000, counts(40, 40), counts(360, 0)));
    assert_eq!(analysis.verdict().action, Action::Wait);
    analysis.observe(&pair(2, 1_000, counts(1, 1), counts(9, 0)));
    assert_eq!(analysis.verdict().action, Action::RollBack);
}

#[test]
fn a_share_just_over_the_limit_is_enough_over_hundreds_of_requests() {
    let after = |windows: u64| {
        let mut watch = Watch::new(1, 1_000);
        (0..windows).for_each(|_| watch.take(counts(50, 3), counts(450, 0)));
        watch.analysis.verdict().action
    };
    assert_eq!((after(9), after(10)), (Action::Wait, Action::RollBack));
}

#[test]
fn a_handful_of_stable_requests_is_no_baseline() {
    let mut watch = Watch::new(1, 9_900);
    watch.take(counts(40, 12), counts(2, 1));
    let verdict = watch.analysis.verdict();
    assert_eq!((verdict.action, verdict.evidence.attributed), (Action::RollBack, false));
}

#[test]
fn two_errors_in_a_good_minute_hold_nobody_up() {
    let mut watch = Watch::new(1, 1_000);
    watch.after(30, Arm::good(10), Arm::good(90));
    watch.take(counts(20, 2), counts(180, 0));
    assert_eq!(watch.analysis.verdict().action, Action::Promote);
}

#[test]
fn stables_past_is_a_baseline_but_no_contemporary_one() {
    let mut watch = Watch::new(1, 5_000);
    watch.after(10, Arm::good(50), Arm::good(50));
    watch.bps = 10_000;
    let verdict = watch.after(2, Arm::good(50).taking(700), Arm::good(0));
    assert_eq!(
        (verdict.action, verdict.metric, verdict.evidence.attributed),
        (Action::RollBack, Metric::P95, false)
    );
}

#[test]
fn two_watches_of_the_same_time_add_up_window_by_window() {
    let watched = |windows: u64| {
        let mut watch = Watch::new(1, 1_000);
        (0..windows).for_each(|_| watch.take(counts(5, 1), counts(45, 0)));
        watch.analysis
    };
    let (mut one, other) = (watched(8), watched(3));
    one.merge(&other);
    let evidence = one.verdict().evidence;
    assert_eq!((evidence.candidate_n, evidence.candidate_errors, evidence.stable_n), (55, 11, 495));
    let mut none = ThresholdAnalysis::new(ThresholdLimits::default());
    none.merge(&other);
    assert_eq!(none.verdict(), other.verdict());
}
