//! How whole runs end, and what they leave behind.

use std::time::Duration;

use handover_core::Slot;
use handover_rollout::{AnalysisKind, Kind, OnNoData, Outcome, Plan};
use handover_runbook::{Body, Journal as _, Order};
use handover_traffic::Split;

use crate::carried_out::{Run, run};
use crate::sim::{Candidate, Sim, blue_green, canary, release};

#[tokio::test(start_paused = true)]
async fn a_good_release_takes_all_traffic_and_the_old_one_stays_warm() {
    let sim = Sim::with_stable(Candidate::default()).await;
    let (outcome, story) = run(canary(), &sim).await;
    assert_eq!(outcome, Outcome::Promoted, "{story:#?}");
    assert_eq!(sim.split().await, Split::ALL_GREEN);
    assert_eq!(sim.stable_release().as_deref(), Some("v2"));
    assert_eq!((sim.slots().blue.as_deref(), sim.slots().green.as_deref()), (Some("v1"), Some("v2")));
}

#[tokio::test(start_paused = true)]
async fn a_bad_release_is_taken_back_and_stopped() {
    let sim = Sim::with_stable(Candidate { failures: 20, ..Candidate::default() }).await;
    let (outcome, story) = run(canary(), &sim).await;
    assert_eq!(outcome, Outcome::RolledBack);
    assert_eq!(sim.split().await, Split::ALL_BLUE);
    assert_eq!(sim.slots().green, None);
    assert_eq!(sim.stable_release().as_deref(), Some("v1"));
    assert!(story.why.unwrap().contains("20"), "the reason names the numbers");
}

#[tokio::test(start_paused = true)]
async fn a_release_that_turns_bad_in_the_bake_is_taken_back() {
    let sim = Sim::with_stable(Candidate::default()).await;
    let run = Run::sealed(blue_green()).await;
    let turns_bad = async {
        run.until_watching("bake").await;
        sim.candidate_becomes(Candidate { failures: 100, ..Candidate::default() });
    };
    let (outcome, ()) = tokio::join!(run.drive(&sim), turns_bad);
    assert_eq!(outcome, Outcome::RolledBack);
    assert_eq!(sim.split().await, Split::ALL_BLUE);
}

/// 3 % is below the limit of 5 %, and more than stable's none.
#[tokio::test(start_paused = true)]
async fn evidence_takes_back_what_plain_limits_let_pass_and_either_can_be_chosen() {
    let worse = Candidate { requests: 100, failures: 3, ..Candidate::default() };
    for (analysis, wanted) in
        [(AnalysisKind::Sequential, Outcome::RolledBack), (AnalysisKind::Threshold, Outcome::Promoted)]
    {
        let sim = Sim::with_stable(worse.clone()).await;
        let mut plan = canary();
        plan.judge.analysis = analysis;
        let (outcome, story) = run(plan, &sim).await;
        assert_eq!(outcome, wanted, "{analysis:?}: {story:#?}");
    }
}

/// The split reads as set, and yet somebody else answers: that is no proof that traffic moved.
#[tokio::test(start_paused = true)]
async fn a_release_whose_probes_another_one_answers_is_taken_back() {
    let sim = Sim::with_stable(Candidate { misrouted: true, ..Candidate::default() }).await;
    let (outcome, story) = run(blue_green(), &sim).await;
    assert_eq!(outcome, Outcome::RolledBack, "{story:#?}");
    assert_eq!(sim.split().await, Split::ALL_BLUE);
}

#[tokio::test(start_paused = true)]
async fn a_failing_candidate_is_not_blamed_for_what_stable_suffers_too() {
    let sim = Sim::with_stable(Candidate { failures: 30, ..Candidate::default() }).await;
    let sim = sim.with_stable_failures(30);
    let run = Run::sealed(canary()).await;
    let abort = async {
        run.until_watching("judge-10").await;
        tokio::time::sleep(Duration::from_secs(30)).await;
        assert_eq!(run.outcome().await, Outcome::Unfinished, "a shared incident waits");
        run.order(Order::TurnBack { verb: "abort".into(), reason: None }).await;
    };
    let (outcome, ()) = tokio::join!(run.drive(&sim), abort);
    assert_eq!(outcome, Outcome::RolledBack);
}

#[tokio::test(start_paused = true)]
async fn what_never_becomes_ready_or_fails_its_smoke_test_never_gets_traffic() {
    for bad in [
        Candidate { becomes_ready: false, ..Candidate::default() },
        Candidate { passes_smoke: false, ..Candidate::default() },
    ] {
        let sim = Sim::with_stable(bad).await;
        let (outcome, story) = run(canary(), &sim).await;
        assert_eq!(outcome, Outcome::Refused, "{story:#?}");
        assert_eq!(sim.split().await, Split::ALL_BLUE);
        assert_eq!(sim.slots().green, None, "the candidate is stopped");
    }
}

#[tokio::test(start_paused = true)]
async fn a_failing_hook_before_the_shift_refuses_the_run_and_on_failure_runs() {
    let sim = Sim::with_stable(Candidate::default()).await.with_failing_hook("before_shift");
    let mut plan = canary();
    plan.hooks.before_shift = Some("./check".into());
    plan.hooks.on_rollback = Some("./undo".into());
    plan.hooks.on_failure = Some("./page".into());
    let (outcome, _) = run(plan, &sim).await;
    assert_eq!(outcome, Outcome::Refused);
    assert_eq!(sim.hooks_run(), ["run-2/before_shift", "run-2/on_failure"], "nothing was rolled back");
}

#[tokio::test(start_paused = true)]
async fn a_release_whose_processes_crash_is_taken_back_though_every_request_was_answered() {
    let sim = Sim::with_stable(Candidate { crashes: 1, ..Candidate::default() }).await;
    let (outcome, story) = run(canary(), &sim).await;
    assert_eq!(outcome, Outcome::RolledBack, "{story:#?}");
    assert!(story.why.unwrap().contains("crashed"));
}

#[tokio::test(start_paused = true)]
async fn a_release_that_is_not_ready_goes_no_further() {
    let sim = Sim::with_stable(Candidate::default()).await;
    let run = Run::sealed(canary()).await;
    let falters = async {
        run.until_watching("judge-10").await;
        sim.candidate_becomes(Candidate {
            becomes_ready: false,
            fails_to_start: false,
            ..Candidate::default()
        });
        tokio::time::sleep(Duration::from_secs(30)).await;
        assert_eq!(sim.split().await.green_bps(), 1_000, "it went on without being ready");
        sim.candidate_becomes(Candidate::default());
    };
    let (outcome, ()) = tokio::join!(run.drive(&sim), falters);
    assert_eq!(outcome, Outcome::Promoted);
}

#[tokio::test(start_paused = true)]
async fn a_warm_release_that_no_longer_serves_is_not_waited_for_for_ever() {
    let sim =
        Sim::with_stable(Candidate { becomes_ready: false, fails_to_start: false, ..Candidate::default() })
            .await;
    sim.retain(Slot::Green, "v0");
    let plan = Plan { kind: Kind::Return, candidate: release("v0"), ..blue_green() };
    let (outcome, story) = run(plan, &sim).await;
    assert_eq!(outcome, Outcome::Refused);
    assert!(story.why.unwrap().contains("not ready within 1m"));
}

#[tokio::test(start_paused = true)]
async fn a_first_deployment_takes_everything_at_once() {
    let sim = Sim::empty(Candidate::default());
    let plan = Plan { stable: None, slot: Slot::Blue, candidate: release("v1"), ..canary() };
    let (outcome, story) = run(plan, &sim).await;
    assert_eq!(outcome, Outcome::Promoted, "{story:#?}");
    assert_eq!(sim.split().await, Split::ALL_BLUE);
    assert_eq!(sim.stable_release().as_deref(), Some("v1"));
}

#[tokio::test(start_paused = true)]
async fn a_bad_first_deployment_has_no_way_back_and_says_so() {
    let sim = Sim::empty(Candidate { failures: 100, ..Candidate::default() });
    let plan = Plan { stable: None, slot: Slot::Blue, candidate: release("v1"), ..blue_green() };
    let (outcome, story) = run(plan, &sim).await;
    assert_eq!(outcome, Outcome::Stuck);
    assert_eq!(sim.split().await, Split::ALL_BLUE, "the best that serves keeps the traffic");
    assert!(story.why.unwrap().contains("no former release"));
}

#[tokio::test(start_paused = true)]
async fn the_third_deployment_evicts_the_retained_release() {
    let sim = Sim::with_stable(Candidate::default()).await;
    sim.retain(Slot::Green, "v0");
    let (outcome, story) = run(Plan { evict: Some(release("v0")), ..canary() }, &sim).await;
    assert_eq!(outcome, Outcome::Promoted, "{story:#?}");
    assert_eq!(sim.slots().green.as_deref(), Some("v2"));
}

#[tokio::test(start_paused = true)]
async fn going_back_to_a_warm_release_launches_nothing() {
    let sim = Sim::with_stable(Candidate::default()).await;
    sim.retain(Slot::Green, "v0");
    let plan = Plan { kind: Kind::Return, candidate: release("v0"), bake: Duration::ZERO, ..blue_green() };
    let (outcome, _) = run(plan, &sim).await;
    assert_eq!((outcome, sim.launches()), (Outcome::Promoted, 0));
    assert_eq!(sim.split().await, Split::ALL_GREEN);
}

#[tokio::test(start_paused = true)]
async fn stable_that_is_down_is_no_way_back() {
    let sim = Sim::with_stable(Candidate { failures: 50, ..Candidate::default() }).await;
    sim.stable_goes_down();
    let (outcome, story) = run(canary(), &sim).await;
    assert_eq!(outcome, Outcome::Stuck, "{story:#?}");
    assert_ne!(sim.split().await, Split::ALL_BLUE);
}

#[tokio::test(start_paused = true)]
async fn without_traffic_the_policy_decides() {
    let silent = || Candidate { requests: 0, ..Candidate::default() };
    for (policy, expected) in
        [(OnNoData::Promote, Outcome::Promoted), (OnNoData::Rollback, Outcome::RolledBack)]
    {
        let sim = Sim::with_stable(silent()).await;
        let mut plan = canary();
        plan.judge.on_no_data = policy;
        let (outcome, story) = run(plan, &sim).await;
        assert_eq!(outcome, expected, "{policy:?} {story:#?}");
    }
}

#[tokio::test(start_paused = true)]
async fn waiting_without_traffic_asks_a_person_who_may_approve() {
    let sim = Sim::with_stable(Candidate { requests: 0, ..Candidate::default() }).await;
    let run = Run::sealed(canary()).await;
    let person = async {
        for step in ["judge-10", "judge-50"] {
            run.until_watching(step).await;
            tokio::time::sleep(Duration::from_mins(2)).await;
            let asked = run.story().await.chapters.iter().any(|c| c.what.starts_with("waiting for a person"));
            assert!(asked, "nobody was asked in {step}");
            run.order(Order::Approve).await;
        }
    };
    let (outcome, ()) = tokio::join!(run.drive(&sim), person);
    assert_eq!(outcome, Outcome::Promoted);
}

#[tokio::test(start_paused = true)]
async fn a_paused_run_goes_on_judging_and_still_goes_back() {
    let sim = Sim::with_stable(Candidate::default()).await;
    let run = Run::sealed(canary()).await;
    let pause = async {
        run.until_watching("judge-10").await;
        run.order(Order::Pause).await;
        tokio::time::sleep(Duration::from_mins(5)).await;
        assert_eq!(sim.split().await.green_bps(), 1_000, "paused at 10 %");
        sim.candidate_becomes(Candidate { failures: 100, ..Candidate::default() });
    };
    let (outcome, ()) = tokio::join!(run.drive(&sim), pause);
    assert_eq!(outcome, Outcome::RolledBack);
}

#[tokio::test(start_paused = true)]
async fn promote_ends_a_stage_early_but_never_a_proof() {
    let sim = Sim::with_stable(Candidate { requests: 0, ..Candidate::default() }).await;
    let run = Run::sealed(canary()).await;
    let promote = async {
        run.until_watching("judge-10").await;
        run.order(Order::AdvanceAll).await;
    };
    let (outcome, ()) = tokio::join!(run.drive(&sim), promote);
    assert_eq!(outcome, Outcome::Promoted);
    let records = run.journal.read(&run.plan.run, 0).await.unwrap();
    let proven = |step: &str| {
        records.iter().any(|r| {
            matches!(&r.body, Body::Proceeded { step: s, evidence }
            if s.as_str() == step && evidence["proof"] == "probed")
        })
    };
    assert!(proven("verify-100"), "the last shift is probed all the same");
}
