//! A driver that dies after any record, or between an effect and its record, leaves a deployment that the next driver
//! brings to the same end: the same split, the same slots, and no release launched twice.

use handover_core::Slot;
use handover_rollout::{Plan, program};
use handover_runbook::testkit::{Crashes, Report, Stage, crash_everywhere};
use handover_runbook::{Ending, Order};
use serde_json::json;

use crate::sim::{Candidate, Sim, blue_green, canary, release};

fn deployment(sim: Sim, plan: Plan) -> Stage {
    let (acts, looks, counts) = (sim.clone(), sim.clone(), sim);
    let run = plan.run.clone();
    Stage::in_memory(
        run,
        move || program(&plan, &acts.world()),
        move || json!({ "split": looks.split_now(), "slots": looks.slots(), "stable": looks.stable_release() }),
        move || counts.launches().saturating_sub(1) as u64,
    )
}

fn assert_sound(report: &Report) {
    assert_eq!(report.faults, Vec::<String>::new());
    assert!(report.crashed_runs > 20, "{report}");
}

#[tokio::test(start_paused = true)]
async fn a_canary_ends_promoted_wherever_its_driver_dies() {
    let make = async || {
        let sim = Sim::with_stable(Candidate::default()).await;
        sim.retain(Slot::Green, "v0");
        let mut plan = Plan { evict: Some(release("v0")), ..canary() };
        plan.hooks.before_shift = Some("./check".into());
        deployment(sim, plan)
    };
    let report = crash_everywhere(make, Crashes::One).await;
    assert_sound(&report);
    assert_eq!(report.ending, Some(Ending::Done));
}

#[tokio::test(start_paused = true)]
async fn a_bad_release_is_taken_back_wherever_its_driver_dies() {
    let make = async || {
        let sim = Sim::with_stable(Candidate { failures: 30, ..Candidate::default() }).await;
        deployment(sim, canary())
    };
    let report = crash_everywhere(make, Crashes::One).await;
    assert_sound(&report);
    assert!(matches!(report.ending, Some(Ending::TurnedBack { .. })), "{report}");
}

#[tokio::test(start_paused = true)]
async fn a_release_that_fails_its_smoke_test_is_stopped_wherever_its_driver_dies() {
    let make = async || {
        let sim = Sim::with_stable(Candidate { passes_smoke: false, ..Candidate::default() }).await;
        deployment(sim, blue_green())
    };
    let report = crash_everywhere(make, Crashes::Pairs).await;
    assert_sound(&report);
}

#[tokio::test(start_paused = true)]
async fn an_abort_is_obeyed_wherever_the_driver_dies() {
    let make = async || {
        let stage = deployment(Sim::with_stable(Candidate::default()).await, blue_green());
        let abort = Order::TurnBack { verb: "abort".into(), reason: None };
        stage.orders.give(&stage.run, abort, "operator").await.unwrap();
        stage
    };
    let report = crash_everywhere(make, Crashes::One).await;
    assert_eq!(report.faults, Vec::<String>::new());
}
