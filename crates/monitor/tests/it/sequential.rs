//! The judge that gathers evidence, by what it says of made-up traffic.

use std::time::{Duration, Instant};

use handover_monitor::{
    Action, Analysis as _, ArmWindow, Metric, SequentialAnalysis, SequentialLimits, Verdict, WindowPair,
};

use crate::sim::{Arm, Dice, counts, pair};

/// A watch of one release: 100 requests a second, a tenth of them the candidate's, unless said otherwise.
struct Release {
    judge: SequentialAnalysis,
    dice: Dice,
    bps: u16,
    seq: u64,
    lasted_ms: u64,
}

impl Release {
    fn new(seed: u64) -> Self {
        Self::judged_by(SequentialLimits::default(), seed)
    }

    fn judged_by(limits: SequentialLimits, seed: u64) -> Self {
        let judge = SequentialAnalysis::new(limits);
        Self { judge, dice: Dice::new(seed), bps: 1_000, seq: 0, lasted_ms: 1_000 }
    }

    fn take(&mut self, candidate: ArmWindow, stable: ArmWindow) -> Verdict {
        self.seq += 1;
        let pair = WindowPair { lasted_ms: self.lasted_ms, ..pair(self.seq, self.bps, candidate, stable) };
        self.judge.observe(&pair);
        self.judge.verdict()
    }

    fn second(&mut self, candidate: Arm, stable: Arm) -> Verdict {
        let (candidate, stable) = (candidate.window(&mut self.dice), stable.window(&mut self.dice));
        self.take(candidate, stable)
    }

    /// The first of so many seconds after which it is taken back.
    fn blamed(&mut self, seconds: u64, candidate: Arm, stable: Arm) -> Option<u64> {
        (1..=seconds).find(|_| self.second(candidate, stable).action == Action::RollBack)
    }

    fn after(&mut self, seconds: u64, candidate: Arm, stable: Arm) -> Verdict {
        (0..seconds).map(|_| self.second(candidate, stable)).last().expect("a second or more")
    }
}

const fn ten() -> Arm {
    Arm::good(10)
}

const fn ninety() -> Arm {
    Arm::good(90)
}

/// The slowest of twenty seeds.
fn slowest(seconds: u64, candidate: Arm, stable: Arm) -> u64 {
    let blamed = |seed| {
        let blamed = Release::new(seed).blamed(seconds, candidate, stable);
        blamed.unwrap_or_else(|| panic!("seed {seed} was not taken back in {seconds} s"))
    };
    (1..=20).map(blamed).max().expect("twenty seeds")
}

#[test]
fn a_dead_candidate_is_taken_back_after_five_requests() {
    let mut release = Release::new(1);
    assert_eq!(release.take(counts(5, 5), counts(45, 0)).action, Action::RollBack);
}

#[test]
fn failures_are_found_the_sooner_the_more_there_are() {
    assert!(slowest(10, ten().failing(0.25), ninety().failing(0.01)) <= 8);
    assert!(slowest(60, ten().failing(0.07), ninety().failing(0.01)) <= 45);
    assert!(slowest(120, ten().failing(0.04), ninety().failing(0.004)) <= 75);
}

#[test]
fn failures_are_found_after_a_good_hour() {
    let mut release = Release::new(3);
    assert_eq!(release.blamed(3_600, ten().failing(0.01), ninety().failing(0.01)), None);
    let late = release.blamed(60, ten().failing(0.25), ninety().failing(0.01));
    assert!(late.is_some_and(|seconds| seconds <= 12), "{late:?}");
}

#[test]
fn what_both_suffer_is_nobodys_fault() {
    for seed in 1..=20 {
        let mut release = Release::new(seed);
        release.after(30, ten().failing(0.005), ninety().failing(0.005));
        assert_eq!(release.blamed(60, ten().failing(0.3), ninety().failing(0.3)), None, "seed {seed}");
        let verdict = release.second(ten().failing(0.3), ninety().failing(0.3));
        assert_eq!((verdict.action, verdict.metric), (Action::Wait, Metric::ErrorRate), "{}", verdict.reason);
    }
}

#[test]
fn ten_percent_more_is_not_worth_a_rollback() {
    for seed in 1..=5 {
        let more = Release::new(seed).blamed(10_000, ten().failing(0.022), ninety().failing(0.02));
        assert_eq!(more, None, "seed {seed}");
    }
}

/// Pooled over a ramp, a candidate that got its traffic when everybody failed looks bad (Simpson).
#[test]
fn a_ramp_while_failures_rise_blames_nobody() {
    for seed in 1..=10 {
        let mut release = Release::new(seed);
        for (bps, n, fails) in [(1_000, 10, 0.001), (5_000, 50, 0.01), (9_000, 90, 0.02)] {
            release.bps = bps;
            let blamed =
                release.blamed(1_000, Arm::good(n).failing(fails), Arm::good(100 - n).failing(fails));
            assert_eq!(blamed, None, "seed {seed} at {bps}");
        }
    }
}

#[test]
fn twice_as_slow_goes_back_and_half_as_much_again_waits() {
    let mut release = Release::new(1);
    let blamed = release.blamed(60, ten().taking(160), ninety().taking(80));
    assert!(blamed.is_some_and(|seconds| seconds <= 20), "{blamed:?}");
    let mut release = Release::new(1);
    assert_eq!(release.blamed(120, ten().taking(120), ninety().taking(80)), None);
    let verdict = release.second(ten().taking(120), ninety().taking(80));
    assert_eq!((verdict.action, verdict.metric), (Action::Wait, Metric::P95Ratio), "{}", verdict.reason);
    let mut release = Release::new(1);
    let verdict = release.after(600, ten().taking(88), ninety().taking(80));
    assert_eq!(verdict.action, Action::Promote, "{}", verdict.reason);
}

#[test]
fn a_few_milliseconds_are_never_too_slow() {
    assert_eq!(Release::new(1).blamed(120, ten().taking(9), ninety().taking(1)), None);
}

#[test]
fn a_service_that_was_always_slow_is_left_alone() {
    let slow = |n| Arm::good(n).slow(0.2).taking(40);
    let mut release = Release::new(2);
    assert_eq!(release.blamed(300, slow(10), slow(90)), None);
    release.bps = 10_000;
    assert_eq!(release.blamed(300, slow(100), Arm::good(0)), None, "stable was as slow before");
    let blamed = Release::new(2).blamed(60, slow(10), ninety().taking(40));
    assert!(blamed.is_some_and(|seconds| seconds <= 20), "{blamed:?}");
}

#[test]
fn a_hanging_candidate_is_taken_back_without_one_completion() {
    let hung = |waiting| ArmWindow { in_flight_over: waiting, ..ArmWindow::default() };
    let mut release = Release::new(1);
    let by_age = (1..=10).find(|_| release.take(hung(10), counts(90, 0)).action == Action::RollBack);
    assert!(by_age.is_some_and(|seconds| seconds <= 2), "{by_age:?}");
    // Where nobody sees what waits, the missing completions tell.
    let mut release = Release::new(1);
    let by_count = (1..=10).find(|_| release.take(hung(0), counts(90, 0)).action == Action::RollBack);
    assert!(by_count.is_some_and(|seconds| seconds <= 3), "{by_count:?}");
    assert_eq!(release.judge.verdict().metric, Metric::Completions);
}

#[test]
fn missing_completions_mean_nothing_where_clients_stick_to_a_release() {
    let mut limits = SequentialLimits::default();
    limits.exact_share = false;
    assert_eq!(Release::judged_by(limits, 1).blamed(600, Arm::good(4), Arm::good(96)), None);
    assert!(Release::new(1).blamed(600, Arm::good(4), Arm::good(96)).is_some());
}

#[test]
fn requests_that_were_on_their_way_at_a_turn_are_not_missed() {
    let mut release = Release::new(1);
    release.bps = 0;
    release.after(20, Arm::good(0), Arm::good(100).taking(2_000));
    release.bps = 5_000;
    for _ in 0..2 {
        let verdict = release.second(Arm::good(0), Arm::good(100).taking(2_000));
        assert_ne!(verdict.action, Action::RollBack, "{}", verdict.reason);
    }
    assert_eq!(release.blamed(60, Arm::good(50).taking(2_000), Arm::good(50).taking(2_000)), None);
}

#[test]
fn alone_the_limits_decide_and_it_is_said() {
    let mut release = Release::new(1);
    release.after(20, ten(), ninety());
    release.bps = 10_000;
    assert_eq!(release.blamed(600, Arm::good(100).failing(0.03), Arm::good(0)), None, "3 % of 5 %");
    let blamed = release.blamed(60, Arm::good(100).failing(0.2), Arm::good(0));
    assert!(blamed.is_some_and(|seconds| seconds <= 3), "{blamed:?}");
    assert!(!release.judge.verdict().evidence.attributed);
}

#[test]
fn alone_times_are_held_against_stables_last_minute() {
    let mut release = Release::new(1);
    release.after(60, ten().taking(100), ninety().taking(100));
    release.bps = 10_000;
    assert_eq!(release.after(60, Arm::good(100).taking(140), Arm::good(0)).action, Action::Promote);
    let blamed = release.blamed(60, Arm::good(100).taking(260), Arm::good(0));
    assert!(blamed.is_some(), "{}", release.judge.verdict().reason);
    assert_eq!(release.judge.verdict().metric, Metric::P95Ratio);
}

#[test]
fn no_data_waits() {
    let mut release = Release::new(1);
    assert_eq!(release.judge.verdict().metric, Metric::Traffic);
    let verdict = release.after(100, Arm::good(0), Arm::good(0));
    assert_eq!((verdict.action, verdict.metric), (Action::Wait, Metric::Traffic));
    let mut limits = SequentialLimits::default();
    limits.exact_share = false;
    let mut release = Release::judged_by(limits, 1);
    assert_eq!(release.after(60, ten(), ninety()).action, Action::Promote);
    let verdict = release.after(5, Arm::good(0), ninety());
    assert_eq!((verdict.action, verdict.metric), (Action::Wait, Metric::Traffic));
}

#[test]
fn clustered_failures_count_by_the_cluster() {
    let judged = |cluster| {
        let mut limits = SequentialLimits::default();
        limits.error_cluster = cluster;
        // Every other second one client's ten retries fail, by turns at either release.
        let mut release = Release::judged_by(limits, 1);
        (0..300).any(|second| {
            let (candidate, stable) =
                if second % 20 == 0 { (10, 0) } else { (0, 10 * u64::from(second % 2 == 1)) };
            release.take(counts(10, candidate), counts(90, stable)).action == Action::RollBack
        })
    };
    assert!(!judged(20.0));
}

/// However a caller cuts its windows, evidence is gathered in blocks that end by counts.
#[test]
fn fine_windows_and_coarse_ones_find_the_same() {
    let seconds = |per_window: u64, lasted_ms: u64| {
        let mut sum = 0;
        for seed in 1..=20 {
            let mut release = Release::new(seed);
            release.lasted_ms = lasted_ms;
            let (candidate, stable) =
                (Arm::good(per_window).failing(0.2), Arm::good(per_window * 9).failing(0.01));
            sum += release.blamed(4_000, candidate, stable).expect("taken back") * lasted_ms;
        }
        f64::from(u32::try_from(sum).expect("small")) / 20_000.0
    };
    let (fine, coarse) = (seconds(1, 100), seconds(20, 2_000));
    assert!(fine <= 6.0 && coarse <= 8.0, "{fine} s by 100 ms, {coarse} s by 2 s");
}

#[test]
fn a_window_is_taken_once() {
    let mut release = Release::new(1);
    release.take(counts(10, 3), counts(90, 0));
    let evidence = release.judge.verdict().evidence;
    let again = WindowPair { lasted_ms: 1_000, ..pair(1, 1_000, counts(10, 3), counts(90, 0)) };
    release.judge.observe(&again);
    assert_eq!(release.judge.verdict().evidence, evidence);
}

#[test]
fn two_watches_of_one_release_add_up() {
    let watched = |seed| {
        let mut release = Release::new(seed);
        release.after(4, ten().failing(0.12), ninety().failing(0.01));
        release.judge
    };
    let (mut first, second) = (watched(4), watched(5));
    let log_e = |judge: &SequentialAnalysis| judge.verdict().evidence.odds.expect("sequential").log_e;
    let apart = (log_e(&first), log_e(&second));
    first.merge(&second);
    assert!(log_e(&first) > apart.0.max(apart.1), "{apart:?} and then {}", log_e(&first));
    assert_eq!(first.verdict().evidence.candidate_n, 80);
    let mut none = SequentialAnalysis::new(SequentialLimits::default());
    none.merge(&second);
    assert!((log_e(&none) - apart.1).abs() < 1e-9);
}

#[test]
fn impossible_counts_do_no_harm() {
    let mut release = Release::new(1);
    let most =
        ArmWindow { n: u64::MAX, errors: u64::MAX, over: u64::MAX, in_flight_over: u64::MAX, ..counts(3, 0) };
    for (candidate, stable) in [
        (most.clone(), counts(90, 0)),
        (counts(90, 0), most.clone()),
        (most.clone(), most),
        (ArmWindow { errors: 9, over: 9, ..counts(1, 0) }, counts(0, 0)),
    ] {
        for bps in [0, 1_000, 10_000, u16::MAX] {
            release.bps = bps;
            release.lasted_ms = u64::MAX;
            let odds = release.take(candidate.clone(), stable.clone()).evidence.odds.expect("sequential");
            assert!(!odds.log_e.is_nan(), "at {bps}");
        }
    }
}

#[test]
fn said_of_a_candidate_that_fails() {
    let mut release = Release::new(1);
    let verdict = (0..8).map(|_| release.take(counts(8, 2), counts(68, 1))).last().expect("eight");
    insta::assert_snapshot!(verdict.reason, @"16 of 64 candidate requests failed (25.0 %) in 8.0 s, beside 8 of 544 of stable's (1.5 %), 4.8 to 91 times the odds; were it no worse, this would come up in fewer than one of 11,604,912 releases");
    insta::assert_snapshot!(serde_json::to_string_pretty(&verdict.evidence).expect("plain data"), @r#"
    {
      "candidate_n": 64,
      "candidate_errors": 16,
      "stable_n": 544,
      "stable_errors": 8,
      "candidate_p95": 0.030015488,
      "stable_p95": 0.030015488,
      "limit": 0.05,
      "attributed": true,
      "odds": {
        "log_e": 16.266939078692673,
        "needed": 4.605170185988091,
        "ratio": [
          4.756828460010884,
          90.50966799187809
        ]
      }
    }
    "#);
}

#[test]
fn said_of_one_that_is_slow_hangs_or_is_late() {
    let mut release = Release::new(1);
    release.blamed(60, ten().taking(160), ninety().taking(80));
    insta::assert_snapshot!(release.judge.verdict().reason, @"the candidate's p95 of 160 ms is 2.0 times stable's 80 ms; were it no worse, this would come up in fewer than one of 100,830,819 releases");
    let mut release = Release::new(1);
    release.blamed(60, ten().slow(0.3).taking(40), ninety().taking(40));
    insta::assert_snapshot!(release.judge.verdict().reason, @"11 of 20 candidate requests took longer than 500 ms (55.0 %, where a p95 allows 5.0 %); stable: 0 of 180 (0.0 %); were it no worse, this would come up in fewer than one of 250,684 releases");
    let mut release = Release::new(1);
    release.blamed(60, Arm::good(0), ninety());
    insta::assert_snapshot!(release.judge.verdict().reason, @"the candidate completed 0 of 270 requests (0.0 %), where its share is 10.0 %: it hangs or drops the others; were it no worse, this would come up in fewer than one of 185,918 releases");
    let mut release = Release::new(1);
    release.after(90, ten().taking(120), ninety().taking(80));
    insta::assert_snapshot!(release.judge.verdict().reason, @"the candidate is provably slower: a p95 1.5 times stable's, below the limit of 2.0 times");
}

#[test]
fn said_with_nobody_to_compare() {
    let mut release = Release::new(1);
    release.bps = 10_000;
    insta::assert_snapshot!(release.take(counts(30, 30), counts(0, 0)).reason, @"30 of 30 candidate requests failed (100.0 %) in 1.0 s, over the limit of 5.0 %; all traffic is the candidate's, so there is no stable traffic to compare with; were it within the limit, this would come up less than once in a billion releases");
    let mut release = Release::new(1);
    release.after(60, ten().taking(100), ninety().taking(100));
    release.bps = 10_000;
    release.blamed(60, Arm::good(100).taking(260), Arm::good(0));
    insta::assert_snapshot!(release.judge.verdict().reason, @"the candidate's p95 of 259 ms is 2.6 times stable's 100 ms before it had all traffic; were it within the limit, this would come up less than once in a billion releases");
}

#[test]
fn said_while_nothing_is_proven() {
    let said = |release: &Release| {
        let verdict = release.judge.verdict();
        format!("{:?}/{:?}: {}", verdict.action, verdict.metric, verdict.reason)
    };
    let mut release = Release::new(1);
    insta::assert_snapshot!(said(&release), @"Wait/Traffic: nothing was observed yet");
    release.take(counts(0, 0), counts(90, 0));
    insta::assert_snapshot!(said(&release), @"Wait/Traffic: no candidate request in 1.0 s");
    release.take(counts(9, 0), counts(90, 0));
    insta::assert_snapshot!(said(&release), @"Wait/Traffic: 9 of the 20 candidate requests needed to call it healthy");
    release.take(counts(20, 0), counts(90, 0));
    insta::assert_snapshot!(said(&release), @"Continue/ErrorRate: the limits hold, so far: 0 of 29 candidate requests failed (0.0 %), p95 30 ms beside stable's 30 ms");
    release.after(60, ten(), ninety());
    insta::assert_snapshot!(said(&release), @"Promote/ErrorRate: the limits hold, proven: 0 of 629 candidate requests failed (0.0 %), p95 30 ms beside stable's 30 ms");
    release.after(10, ten().failing(0.4), ninety().failing(0.4));
    insta::assert_snapshot!(said(&release), @"Wait/ErrorRate: 49 of 600 candidate requests failed (8.2 %) in 60 s, and stable suffers too: 360 of 5400 (6.7 %)");
}

/// A release of 10^5 windows is replayed in seconds: a bound so wide that only a change of complexity breaks it.
#[test]
fn a_long_history_is_judged_without_slowing_down() {
    let mut release = Release::new(1);
    #[expect(clippy::disallowed_methods, reason = "the time of the computation itself")]
    let began = Instant::now();
    for _ in 0..20_000 {
        release.take(counts(10, 0), counts(90, 0));
    }
    assert!(began.elapsed() < Duration::from_mins(2), "{:?}", began.elapsed());
}
