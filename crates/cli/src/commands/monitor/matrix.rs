use std::fmt::Write as _;

use handover_monitor::{Action, Condition, DecisionMatrix, Rule};

use crate::context::Context;
use crate::exit::Exit;
use crate::output::{Table, short_duration};

/// Prints what is done about which finding; with `--json` in the form that `monitor judge --matrix` reads.
pub(super) fn run(context: &Context) -> Exit {
    let matrix = DecisionMatrix::default();
    context.output.result(told(&matrix), &matrix);
    Exit::Done
}

fn told(matrix: &DecisionMatrix) -> String {
    let mut table = Table::new(["when", "then", "within", ""]);
    for rule in matrix.rules() {
        let within = rule.within().map_or_else(|| "-".into(), short_duration);
        table.row([when(rule.when), then(rule), within, rule.note.clone()]);
    }
    table.to_string()
}

fn when(condition: Condition) -> String {
    match condition {
        Condition::ErrorRateAbove(share) => format!("over {} % of its requests fail", share * 100.0),
        Condition::FailsMoreThanStable => "it provably fails more than stable".into(),
        Condition::P95RatioAbove(ratio) => format!("p95 over {ratio} times stable's"),
        Condition::Corruption => "data was damaged".into(),
        Condition::CriticalFeature => "a critical feature is broken".into(),
        Condition::Minor => "a minor flaw".into(),
        _ => "something else".into(),
    }
}

fn then(rule: &Rule) -> String {
    let mut said = match rule.then {
        Action::Continue => "go on",
        Action::Wait => "wait",
        Action::Promote => "promote",
        Action::RollBack => "roll back",
    }
    .to_owned();
    if rule.restore {
        let _ = write!(said, ", restore");
    }
    said
}
