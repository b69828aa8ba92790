//! Every order in every state a run can be in.

use std::time::Duration;

use handover_runbook::testkit::{Fault, World};
use handover_runbook::{Body, Ending, Lease as _, Options, Order, Program, StepName};
use serde_json::json;
use tokio::time::Instant;

use crate::support::{
    Bench, aborted, best_effort, effect, proceeds, run_id, turn_back, undoing, usual, watch,
};

/// Runs the usual program and gives each order at its second.
async fn run_with(bench: &Bench, program: &Program, orders: &[(u64, Order)]) -> Ending {
    let begin = Instant::now();
    let giving = async {
        for (second, order) in orders {
            tokio::time::sleep_until(begin + Duration::from_secs(*second)).await;
            bench.order(order.clone()).await;
        }
    };
    let (ending, ()) = tokio::join!(bench.run(program), giving);
    ending.unwrap()
}

#[tokio::test(start_paused = true)]
async fn an_undisturbed_run_records_each_step_once() {
    let bench = Bench::new().await;
    assert_eq!(run_with(&bench, &usual(&bench.world), &[]).await, Ending::Done);
    insta::assert_snapshot!(bench.story().await, @r#"
sealed {"plan":{"plan":1}}
leased {"holder":"a"}
intent {"op":"r1/start","seen":null,"step":"start","want":"on"}
verified {"proof":"on","step":"start"}
watching {"step":"warm"}
proceeded {"evidence":"fine","step":"warm"}
intent {"op":"r1/raise","seen":null,"step":"raise","want":10}
verified {"proof":10,"step":"raise"}
watching {"step":"look"}
proceeded {"evidence":"fine","step":"look"}
ended {"ending":{"how":"done"}}
"#);
    assert_eq!(bench.lease.show().await.unwrap(), None, "the lease was not given back");
}

#[tokio::test(start_paused = true)]
async fn an_order_to_go_back_during_a_watch_is_followed_within_200_ms() {
    let bench = Bench::new().await;
    let begin = Instant::now();
    assert_eq!(run_with(&bench, &usual(&bench.world), &[(8, turn_back())]).await, aborted());
    assert!(begin.elapsed() <= Duration::from_millis(8_200), "{:?}", begin.elapsed());
    assert_eq!(bench.level(), json!(0));
    insta::assert_snapshot!(bench.story().await, @r#"
sealed {"plan":{"plan":1}}
leased {"holder":"a"}
intent {"op":"r1/start","seen":null,"step":"start","want":"on"}
verified {"proof":"on","step":"start"}
watching {"step":"warm"}
proceeded {"evidence":"fine","step":"warm"}
intent {"op":"r1/raise","seen":null,"step":"raise","want":10}
verified {"proof":10,"step":"raise"}
watching {"step":"look"}
ordered {"by":"ana","number":1,"order":{"reason":"it smells","verb":"abort","what":"turn_back"}}
turned {"evidence":{"by":"ana","order":1,"reason":"it smells","verb":"abort"},"why":"abort by ana: it smells"}
intent {"op":"r1/lower","seen":10,"step":"lower","want":0}
verified {"proof":0,"step":"lower"}
intent {"op":"r1/stop","seen":"on","step":"stop","want":"off"}
verified {"proof":"off","step":"stop"}
ended {"ending":{"how":"turned_back","why":"abort by ana: it smells"}}
"#);
}

#[tokio::test(start_paused = true)]
async fn an_order_to_go_back_is_followed_while_paused() {
    let bench = Bench::new().await;
    let orders = [(1, Order::Pause), (100, turn_back())];
    assert_eq!(run_with(&bench, &usual(&bench.world), &orders).await, aborted());
    assert_eq!(bench.world.state(), json!({ "engine": "off" }), "what was never begun is not undone");
}

#[tokio::test(start_paused = true)]
async fn an_order_to_go_back_is_followed_while_an_effect_is_tried_again_and_again() {
    let bench = Bench::new().await;
    bench.world.fail_always("level", Fault::Throttled(Duration::from_secs(5)));
    let world = bench.world.clone();
    let healing = async {
        tokio::time::sleep(Duration::from_secs(9)).await;
        world.heal("level");
    };
    let program = usual(&bench.world);
    let orders = [(8, turn_back())];
    let (ending, ()) = tokio::join!(run_with(&bench, &program, &orders), healing);
    assert_eq!(ending, aborted());
}

#[tokio::test(start_paused = true)]
async fn an_order_to_go_back_is_followed_after_the_last_step_and_before_the_ending() {
    let bench = Bench::new().await;
    let program = Program {
        forward: vec![watch("look", proceeds(3))],
        back: vec![effect("stop", bench.world.set_to("engine", json!("off")))],
    };
    // The next look during the watch would come too late.
    let engine = bench.engine().with_options(Options::default().with_poll(Duration::from_mins(1)));
    let run = run_id();
    let giving = async {
        tokio::time::sleep(Duration::from_secs(2)).await;
        bench.order(turn_back()).await;
    };
    let (ending, ()) = tokio::join!(engine.run(&run, &program), giving);
    assert_eq!(ending.unwrap(), aborted());
}

#[tokio::test(start_paused = true)]
async fn a_second_order_to_go_back_is_noted_and_changes_nothing() {
    let bench = Bench::new().await;
    let mut program = usual(&bench.world);
    program.back.insert(0, watch("calm", proceeds(5)));
    let orders = [(8, turn_back()), (9, turn_back()), (10, Order::Pause), (11, Order::AdvanceAll)];
    assert_eq!(run_with(&bench, &program, &orders).await, aborted());
    let bodies = bench.bodies().await;
    assert_eq!(bodies.iter().filter(|body| matches!(body, Body::Ordered { .. })).count(), 4);
    assert_eq!(bodies.iter().filter(|body| matches!(body, Body::Turned { .. })).count(), 1);
}

#[tokio::test(start_paused = true)]
async fn a_pause_holds_the_next_effect_until_it_is_over() {
    let bench = Bench::new().await;
    let begin = Instant::now();
    let orders = [(1, Order::Pause), (50, Order::Continue)];
    assert_eq!(run_with(&bench, &usual(&bench.world), &orders).await, Ending::Done);
    assert!(begin.elapsed() >= Duration::from_secs(56), "{:?}", begin.elapsed());
}

#[tokio::test(start_paused = true)]
async fn a_pause_does_not_hold_back_the_proof_of_what_is_already_so() {
    let bench = Bench::new().await;
    bench.world.meddle("engine", json!("on"));
    bench.order(Order::Pause).await;
    let died = tokio::time::timeout(Duration::from_secs(40), bench.run(&usual(&bench.world))).await;
    assert!(died.is_err(), "it went on: {died:?}");
    let proof = Body::Verified { step: StepName::new("start"), proof: json!("on") };
    assert!(bench.bodies().await.contains(&proof));
    assert_eq!(bench.world.log(), []);
}

#[tokio::test(start_paused = true)]
async fn a_pause_outlives_the_driver_that_took_it() {
    let bench = Bench::new().await;
    bench.order(Order::Pause).await;
    let program = usual(&bench.world);
    for _ in 0..2 {
        let died = tokio::time::timeout(Duration::from_secs(40), bench.run(&program)).await;
        assert!(died.is_err(), "it went on: {died:?}");
        // Until the lease of the dead driver has run out.
        tokio::time::sleep(Duration::from_secs(20)).await;
    }
    assert_eq!(bench.world.log(), []);
    let ordered = bench.bodies().await.into_iter().filter(|body| matches!(body, Body::Ordered { .. }));
    assert_eq!(ordered.count(), 1, "an order was taken twice");
}

#[tokio::test(start_paused = true)]
async fn advance_ends_the_watch_that_may_be_skipped_and_no_other() {
    let bench = Bench::new().await;
    let begin = Instant::now();
    let orders = [(1, Order::Advance), (3, Order::Advance)];
    assert_eq!(run_with(&bench, &usual(&bench.world), &orders).await, Ending::Done);
    // The first watch was cut to a second, the second one took its six.
    assert_eq!(begin.elapsed().as_secs(), 7);
    let by = Body::Proceeded { step: StepName::new("warm"), evidence: json!({ "by": "ana" }) };
    assert!(bench.bodies().await.contains(&by));
}

#[tokio::test(start_paused = true)]
async fn advance_all_skips_every_watch_that_may_be_skipped() {
    let bench = Bench::new().await;
    let forward = (0..4).map(|i| watch(&format!("w{i}"), proceeds(10).skippable()));
    let program = Program { forward: forward.collect(), back: vec![] };
    let begin = Instant::now();
    assert_eq!(run_with(&bench, &program, &[(1, Order::AdvanceAll)]).await, Ending::Done);
    assert_eq!(begin.elapsed().as_secs(), 1);
}

#[tokio::test(start_paused = true)]
async fn an_approval_counts_for_the_watch_under_way_even_after_a_restart() {
    let bench = Bench::new().await;
    let program = Program { forward: vec![watch("ask", proceeds(1).with_approval())], back: vec![] };
    bench.order(Order::Approve).await;
    let early = tokio::time::timeout(Duration::from_secs(5), bench.run(&program)).await;
    assert!(early.is_err(), "an approval from before the watch counted");
    tokio::time::sleep(Duration::from_secs(20)).await;
    assert_eq!(run_with(&bench, &program, &[(2, Order::Approve)]).await, Ending::Done);
    let asked = Body::Noted { step: StepName::new("ask"), note: json!({ "ask": "may it go on?" }) };
    assert!(bench.bodies().await.contains(&asked));
}

/// A run that died between its effect on "level" and the proof, and somebody who then set it to 3.
async fn meddled_with() -> (Bench, Program) {
    let bench = Bench::new().await;
    bench.world.meddle("level", json!(1));
    bench.world.fail_always("level", Fault::RequestLost);
    let program = Program {
        forward: vec![effect("raise", bench.world.set_to("level", json!(10)))],
        back: vec![undoing(effect("lower", bench.world.set_to("level", json!(0))), "raise")],
    };
    let died = tokio::time::timeout(Duration::from_secs(1), bench.run(&program)).await;
    assert!(died.is_err());
    bench.world.meddle("level", json!(3));
    bench.world.heal("level");
    tokio::time::sleep(Duration::from_secs(20)).await;
    (bench, program)
}

#[tokio::test(start_paused = true)]
async fn a_state_that_is_neither_is_left_alone_until_a_person_says_so() {
    let (bench, program) = meddled_with().await;
    let waits = tokio::time::timeout(Duration::from_mins(10), bench.run(&program)).await;
    assert!(waits.is_err(), "it acted on its own: {waits:?}");
    assert_eq!(bench.level(), json!(3));
    tokio::time::sleep(Duration::from_secs(20)).await;

    assert_eq!(run_with(&bench, &program, &[(60, Order::Approve)]).await, Ending::Done);
    assert_eq!(bench.level(), json!(10));
    insta::assert_snapshot!(bench.story().await, @r#"
sealed {"plan":{"plan":1}}
leased {"holder":"a"}
intent {"op":"r1/raise","seen":1,"step":"raise","want":10}
leased {"holder":"a"}
conflicted {"found":3,"step":"raise"}
leased {"holder":"a"}
ordered {"by":"ana","number":1,"order":{"what":"approve"}}
intent {"op":"r1/raise#2","seen":3,"step":"raise","want":10}
verified {"proof":10,"step":"raise"}
ended {"ending":{"how":"done"}}
"#);
}

#[tokio::test(start_paused = true)]
async fn a_conflict_can_be_answered_by_going_back() {
    let (bench, program) = meddled_with().await;
    assert_eq!(run_with(&bench, &program, &[(60, turn_back())]).await, aborted());
    assert_eq!(bench.level(), json!(0));
}

#[tokio::test(start_paused = true)]
async fn a_state_that_settles_by_itself_is_no_conflict() {
    let (bench, program) = meddled_with().await;
    let world = bench.world.clone();
    let settling = async {
        tokio::time::sleep(Duration::from_secs(2)).await;
        world.meddle("level", json!(10));
    };
    let (ending, ()) = tokio::join!(run_with(&bench, &program, &[]), settling);
    assert_eq!(ending, Ending::Done);
    assert!(!bench.bodies().await.iter().any(|body| matches!(body, Body::Conflicted { .. })));
}

#[tokio::test(start_paused = true)]
async fn the_way_back_waits_for_nobody_when_somebody_else_acted() {
    let bench = Bench::new().await;
    let program = back_only(&bench.world);
    bench.world.fail_always("level", Fault::RequestLost);
    bench.order(turn_back()).await;
    let died = tokio::time::timeout(Duration::from_secs(1), bench.run(&program)).await;
    assert!(died.is_err());
    bench.world.meddle("level", json!(3));
    bench.world.heal("level");
    tokio::time::sleep(Duration::from_secs(20)).await;
    assert_eq!(run_with(&bench, &program, &[]).await, aborted());
    assert_eq!(bench.level(), json!(0));
    assert!(bench.bodies().await.iter().any(|body| matches!(body, Body::Conflicted { .. })));
}

fn back_only(world: &World) -> Program {
    Program {
        forward: vec![watch("look", proceeds(60))],
        back: vec![
            effect("lower", world.set_to("level", json!(0))),
            best_effort(effect("tell", world.set_to("told", json!(true)))),
        ],
    }
}
