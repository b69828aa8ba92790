//! Wherever a driver dies, the next one brings the run to the end the first one would have.

use std::time::Duration;

use handover_runbook::testkit::{Crashes, Fault, Stage, World, crash_everywhere};
use handover_runbook::{Ending, Options, Program, Step};
use proptest::prelude::*;
use serde_json::json;

use crate::support::{best_effort, effect, proceeds, run_id, turn_back, turns, undoing, usual, watch};

fn stage(world: World, program: impl Fn(&World) -> Program + Send + Sync + 'static) -> Stage {
    let (a, b, c) = (world.clone(), world.clone(), world);
    Stage::in_memory(run_id(), move || program(&a), move || b.state(), move || c.duplicates())
}

#[tokio::test(start_paused = true)]
async fn every_single_crash_and_every_pair_ends_like_the_undisturbed_run() {
    let report = crash_everywhere(async || stage(World::new(), usual), Crashes::Pairs).await;
    assert_eq!(report.faults, Vec::<String>::new());
    assert_eq!(report.ending, Some(Ending::Done));
    assert_eq!(report.crashed_runs, 256);
}

#[tokio::test(start_paused = true)]
async fn every_pair_of_crashes_on_the_way_back_ends_like_the_undisturbed_run() {
    let program = |world: &World| {
        let mut program = usual(world);
        program.forward[3] = watch("look", turns(6));
        program.back.insert(1, best_effort(effect("tell", world.set_to("told", json!(true)))));
        program
    };
    let make = async || {
        let world = World::new();
        world.fail_always("told", Fault::Refused);
        stage(world, program)
    };
    let report = crash_everywhere(make, Crashes::Pairs).await;
    assert_eq!(report.faults, Vec::<String>::new());
    assert_eq!(report.ending, Some(Ending::TurnedBack { why: "it is bad".into() }));
}

#[tokio::test(start_paused = true)]
async fn an_order_to_go_back_survives_every_crash() {
    let make = async || {
        let stage = stage(World::new(), usual);
        stage.orders.give(&stage.run, turn_back(), "ana").await.unwrap();
        stage
    };
    let report = crash_everywhere(make, Crashes::Pairs).await;
    assert_eq!(report.faults, Vec::<String>::new());
}

#[tokio::test(start_paused = true)]
async fn the_suite_notices_an_effect_that_is_brought_about_twice() {
    let make = async || {
        let world = World::new();
        let (a, b, c) = (world.clone(), world.clone(), world);
        // An effect that cannot be seen is applied again by every driver.
        let program = move || Program { forward: vec![effect("blind", Blind(a.clone()))], back: vec![] };
        Stage::in_memory(run_id(), program, move || b.state(), move || c.duplicates())
    };
    let report = crash_everywhere(make, Crashes::One).await;
    assert!(!report.faults.is_empty(), "{report}");
}

/// Wants what it cannot see, so it looks unfinished to a new driver.
#[derive(Debug)]
struct Blind(World);

#[async_trait::async_trait]
impl handover_runbook::Effect for Blind {
    fn want(&self) -> serde_json::Value {
        json!(1)
    }

    async fn observe(&self) -> Result<serde_json::Value, handover_runbook::StepError> {
        Ok(json!(u64::from(self.0.log().len() >= 2)))
    }

    async fn apply(&self, op: &handover_runbook::Op) -> Result<(), handover_runbook::StepError> {
        self.0.set_to("x", json!(1)).apply(op).await
    }
}

/// One step of a made-up plan.
#[derive(Debug, Clone)]
enum Plot {
    Effect(Option<Fault>, bool),
    Watch { seconds: u64, skippable: bool, turns: bool },
}

fn faults() -> impl Strategy<Value = Option<Fault>> {
    prop_oneof![
        4 => Just(None),
        1 => Just(Some(Fault::Refused)),
        1 => Just(Some(Fault::AnswerLost)),
        1 => Just(Some(Fault::RequestLost)),
        1 => (1..4_u64).prop_map(|s| Some(Fault::Throttled(Duration::from_secs(s)))),
    ]
}

fn plots() -> impl Strategy<Value = Vec<Plot>> {
    let step = prop_oneof![
        3 => (faults(), any::<bool>()).prop_map(|(fault, once)| Plot::Effect(fault, once)),
        2 => (0..9_u64, any::<bool>(), prop::bool::weighted(0.15))
            .prop_map(|(seconds, skippable, turns)| Plot::Watch { seconds, skippable, turns }),
    ];
    prop::collection::vec(step, 1..5)
}

/// Forward steps `f0`, `f1`…; each effect has an undoing one, in reverse.
fn program(world: &World, forward: &[Plot], may_fail: bool) -> Program {
    let step = |i: usize, plot: &Plot| -> Step {
        match *plot {
            Plot::Effect(..) => effect(&format!("f{i}"), world.set_to(&format!("f{i}"), json!(1))),
            Plot::Watch { seconds, turns: true, .. } => watch(&format!("f{i}"), turns(seconds)),
            Plot::Watch { seconds, skippable: true, .. } => {
                watch(&format!("f{i}"), proceeds(seconds).skippable())
            }
            Plot::Watch { seconds, .. } => watch(&format!("f{i}"), proceeds(seconds)),
        }
    };
    let undo = |i: usize| {
        let step = effect(&format!("b{i}"), world.set_to(&format!("f{i}"), json!(0)));
        let step = undoing(step, &format!("f{i}"));
        if may_fail { best_effort(step) } else { step }
    };
    Program {
        forward: forward.iter().enumerate().map(|(i, plot)| step(i, plot)).collect(),
        back: (0..forward.len()).rev().map(undo).collect(),
    }
}

fn prepare(world: &World, forward: &[Plot]) {
    for (i, plot) in forward.iter().enumerate() {
        match plot {
            // A passing fault must not decide the ending.
            Plot::Effect(Some(Fault::Refused), _) => world.fail_always(&format!("f{i}"), Fault::Refused),
            Plot::Effect(Some(fault), true) => world.fail_once(&format!("f{i}"), *fault),
            Plot::Effect(Some(fault), false) => world.fail_always(&format!("f{i}"), *fault),
            Plot::Effect(None, _) | Plot::Watch { .. } => {}
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]
    #[test]
    fn any_plan_survives_a_crash_at_any_point(forward in plots(), may_fail: bool) {
        let runtime =
            tokio::runtime::Builder::new_current_thread().enable_time().start_paused(true).build().unwrap();
        let make = async || {
            let world = World::new();
            prepare(&world, &forward);
            let forward = forward.clone();
            let stage = stage(world, move |world| program(world, &forward, may_fail));
            let options = Options::default().with_patience(Duration::from_secs(5), Duration::from_secs(8));
            Stage { options, ..stage }
        };
        let report = runtime.block_on(crash_everywhere(make, Crashes::One));
        prop_assert_eq!(report.faults, Vec::<String>::new());
    }
}
