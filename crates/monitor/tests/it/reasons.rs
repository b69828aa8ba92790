//! The sentences, as a person reads them.

use handover_monitor::{Analysis as _, ArmWindow};

use crate::sim::{Arm, Watch, counts};

fn said(watch: &Watch) -> String {
    let verdict = watch.analysis.verdict();
    format!("{:?}/{:?}: {}", verdict.action, verdict.metric, verdict.reason)
}

#[expect(clippy::needless_pass_by_value, reason = "it reads better where it is called")]
fn watching(bps: u16, windows: u64, candidate: ArmWindow, stable: ArmWindow) -> Watch {
    let mut watch = Watch::new(1, bps);
    for _ in 0..windows {
        watch.take(candidate.clone(), stable.clone());
    }
    watch
}

fn slow(n: u64, over: u64) -> ArmWindow {
    let mut dice = crate::sim::Dice::new(1);
    let mut arm = Arm::good(n - over).window(&mut dice);
    let late = Arm::good(over).taking(812).window(&mut dice);
    (arm.n, arm.over) = (n, over);
    arm.hist.merge(&late.hist);
    arm
}

#[test]
fn of_a_rollback_for_errors() {
    insta::assert_snapshot!(said(&watching(1_000, 8, counts(8, 2), counts(68, 0))), @"RollBack/ErrorRate: 16 of 64 candidate requests failed (25.0 %) in 2.0 s, over the limit of 5.0 %; stable: 0 of 544 (0.0 %)");
}

#[test]
fn of_a_rollback_for_errors_with_nobody_to_compare() {
    insta::assert_snapshot!(said(&watching(10_000, 2, counts(30, 30), counts(0, 0))), @"RollBack/ErrorRate: 60 of 60 candidate requests failed (100.0 %) in 500 ms, over the limit of 5.0 %; all traffic is the candidate's, so there is no stable traffic to compare with");
}

#[test]
fn of_a_rollback_for_slowness() {
    insta::assert_snapshot!(said(&watching(1_000, 8, slow(8, 3), slow(68, 1))), @"RollBack/P95: 24 of 64 candidate requests took longer than 500 ms (37.5 %) in 2.0 s, p95 810 ms; stable: 8 of 544 (1.5 %)");
}

#[test]
fn of_a_rollback_for_hanging() {
    let hung = ArmWindow { in_flight_over: 7, ..ArmWindow::default() };
    insta::assert_snapshot!(said(&watching(1_000, 4, hung, counts(63, 0))), @"RollBack/P95: 28 of 28 candidate requests took longer than 500 ms (100.0 %) in 1.0 s, where a p95 allows 5.0 %, 28 without an answer when counted; stable: 0 of 252 (0.0 %)");
}

#[test]
fn of_a_rollback_for_the_ratio() {
    let mut watch = Watch::new(1, 1_000);
    watch.after(20, Arm::good(10).taking(100), Arm::good(90).taking(40));
    insta::assert_snapshot!(said(&watch), @"RollBack/P95Ratio: the candidate's p95 of 100 ms is 2.5 times stable's 40 ms, over the limit of 2.0");
}

#[test]
fn of_waiting() {
    insta::assert_snapshot!(said(&Watch::new(1, 1_000)), @"Wait/Traffic: nothing was observed yet");
    insta::assert_snapshot!(said(&watching(1_000, 8, counts(0, 0), counts(90, 0))), @"Wait/Traffic: no candidate request in 2.0 s");
    insta::assert_snapshot!(said(&watching(1_000, 1, counts(7, 0), counts(63, 0))), @"Wait/Traffic: 7 of the 20 candidate requests needed to judge");
    insta::assert_snapshot!(said(&watching(1_000, 1, counts(40, 3), counts(360, 0))), @"Wait/ErrorRate: 3 of 40 candidate requests failed (7.5 %) in 250 ms, over 5.0 %, but that is too little to tell it from chance");
    insta::assert_snapshot!(said(&watching(1_000, 8, counts(10, 3), counts(90, 25))), @"Wait/ErrorRate: 24 of 80 candidate requests failed (30.0 %) in 2.0 s, and stable suffers alike: 200 of 720 (27.8 %)");
}

#[test]
fn of_going_on() {
    insta::assert_snapshot!(said(&watching(1_000, 8, counts(10, 0), counts(90, 0))), @"Continue/ErrorRate: the limits hold, so far: 0 of 80 candidate requests failed (0.0 %)");
    insta::assert_snapshot!(said(&watching(1_000, 80, counts(10, 0), counts(90, 0))), @"Promote/ErrorRate: the limits hold, proven: 0 of 800 candidate requests failed (0.0 %), p95 30 ms beside stable's 30 ms");
}

#[test]
fn the_evidence_can_be_checked() {
    let verdict = watching(1_000, 8, counts(8, 2), counts(68, 0)).analysis.verdict();
    insta::assert_snapshot!(serde_json::to_string_pretty(&verdict.evidence).expect("plain data"), @r#"
    {
      "candidate_n": 64,
      "candidate_errors": 16,
      "stable_n": 544,
      "stable_errors": 0,
      "candidate_p95": 0.030015488,
      "stable_p95": 0.030015488,
      "limit": 0.05,
      "attributed": true
    }
    "#);
}
