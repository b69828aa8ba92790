use handover_core::{Hint as _, Slot};
use handover_rollout::{Kind, Plan, PlanError};
use handover_traffic::{Capabilities, Split, Weights};
use insta::assert_snapshot;

use crate::sim::{blue_green, canary, release};

fn any() -> Capabilities {
    Capabilities::new(Weights::Any { step: 1 })
}

fn listed(plan: &Plan) -> String {
    let outline = plan.outline();
    let line = |s: &handover_rollout::StepOutline| format!("{}: {}", s.name, s.does);
    let forward: Vec<_> = outline.forward.iter().map(line).collect();
    let back: Vec<_> = outline.back.iter().map(line).collect();
    format!("{}\n-- back\n{}", forward.join("\n"), back.join("\n"))
}

#[test]
fn the_outline_of_a_canary_names_every_step() {
    let mut plan = canary();
    plan.evict = Some(release("v0"));
    plan.hooks.before_launch = Some("./migrate".into());
    plan.hooks.on_failure = Some("./page".into());
    assert_snapshot!(listed(&plan));
}

#[test]
fn a_first_deployment_has_nobody_to_share_with() {
    let plan = Plan { stable: None, slot: Slot::Blue, ..canary() };
    assert_eq!(plan.splits().collect::<Vec<_>>(), [Split::ALL_BLUE]);
    assert_snapshot!(listed(&plan));
}

#[test]
fn going_back_to_a_warm_release_launches_nothing() {
    let plan = Plan { kind: Kind::Return, ..blue_green() };
    assert!(!listed(&plan).contains("launch"));
}

#[test]
fn a_sealed_plan_reads_back_the_same() {
    let plan = canary();
    assert_eq!(Plan::from_sealed(&plan.seal().unwrap()).unwrap(), plan);
}

#[test]
fn a_backend_without_weights_refuses_a_canary_while_planning() {
    let refused = canary().check(&Capabilities::new(Weights::AllOrNothing)).unwrap_err();
    assert!(matches!(refused, PlanError::Unsupported { .. }));
    blue_green().check(&Capabilities::new(Weights::AllOrNothing)).unwrap();
}

#[test]
fn each_impossible_plan_is_refused_with_its_reason() {
    let with_weight = |at: usize, bps| {
        let mut plan = canary();
        plan.stages[at].weight_bps = bps;
        plan
    };
    let mut hasty = canary();
    hasty.stages[0].max_time = std::time::Duration::ZERO;
    let plans = [
        with_weight(0, 0),
        with_weight(1, 10_000),
        with_weight(1, 1_000),
        hasty,
        Plan { candidate: release("v1"), ..canary() },
    ];
    let said: Vec<_> = plans
        .iter()
        .map(|plan| plan.check(&any()).unwrap_err())
        .map(|e| format!("{e}\n  hint: {}", e.hint().unwrap_or_default()))
        .collect();
    assert_snapshot!(said.join("\n"));
}

#[test]
fn a_plan_of_a_newer_version_is_refused() {
    let mut sealed = canary().seal().unwrap();
    sealed["format"] = 99.into();
    assert_snapshot!(Plan::from_sealed(&sealed).unwrap_err(), @"the plan has format 99, this version knows up to 1");
}
