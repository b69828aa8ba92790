//! A split that somebody else changed: the run says so and goes back.

use handover_rollout::Outcome;
use handover_traffic::Split;

use crate::carried_out::Run;
use crate::sim::{Candidate, Sim, blue_green, canary};

/// Drives the run, and moves traffic from outside once `step` is watched.
async fn disturbed(run: &Run, sim: &Sim, step: &str, split: Split) -> (Outcome, String) {
    let disturb = async {
        run.until_watching(step).await;
        sim.traffic.move_from_outside(split);
    };
    let (outcome, ()) = tokio::join!(run.drive(sim), disturb);
    (outcome, run.story().await.why.unwrap_or_default())
}

#[tokio::test(start_paused = true)]
async fn a_split_that_somebody_else_changed_during_a_stage_is_an_incident() {
    let sim = Sim::with_stable(Candidate::default()).await;
    let run = Run::sealed(canary()).await;
    let (outcome, why) = disturbed(&run, &sim, "judge-10", Split::from_green_bps(300).unwrap()).await;
    assert_eq!((outcome, sim.split().await), (Outcome::RolledBack, Split::ALL_BLUE));
    insta::assert_snapshot!(why, @"somebody else moved the traffic: it was set to blue 90 % green 10 %, and is blue 97 % green 3 %");
}

#[tokio::test(start_paused = true)]
async fn a_reload_that_undoes_the_cutover_is_noticed_in_the_bake() {
    let sim = Sim::with_stable(Candidate::default()).await;
    let run = Run::sealed(blue_green()).await;
    let (outcome, why) = disturbed(&run, &sim, "bake", Split::ALL_BLUE).await;
    assert_eq!(outcome, Outcome::RolledBack);
    assert_eq!(sim.stable_release().as_deref(), Some("v1"), "the new one was never named stable");
    insta::assert_snapshot!(why, @"somebody else moved the traffic: it was set to blue 0 % green 100 %, and is blue 100 % green 0 %");
}

#[tokio::test(start_paused = true)]
async fn a_split_that_is_put_right_at_once_disturbs_nothing() {
    let sim = Sim::with_stable(Candidate::default()).await;
    let run = Run::sealed(blue_green()).await;
    let flicker = async {
        run.until_watching("bake").await;
        sim.traffic.move_from_outside(Split::ALL_BLUE);
        tokio::time::sleep(std::time::Duration::from_millis(500)).await;
        sim.traffic.move_from_outside(Split::ALL_GREEN);
    };
    let (outcome, ()) = tokio::join!(run.drive(&sim), flicker);
    assert_eq!(outcome, Outcome::Promoted);
}
