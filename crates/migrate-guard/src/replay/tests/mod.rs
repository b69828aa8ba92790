//! Histories in SQL, and what their last file is said to do: one line for each claim and each change.

mod blocks;
mod changes;
mod laws;
mod queries;
mod session;

use std::fmt::Write as _;

use super::{Effects, World};
use crate::LintContext;
use crate::claim::{Change, Claim, Evidence};
use crate::frontend::statements;

/// What ends a file of a history.
const NEXT_FILE: &str = "-- next file";

/// Replays a history; what the statements of its last file do.
fn replay(history: &str) -> Vec<Effects> {
    let context = LintContext { today: jiff::civil::date(2026, 11, 22), ..LintContext::default() };
    let mut world = World::new(&context);
    let mut last = Vec::new();
    for (place, file) in history.split(NEXT_FILE).enumerate() {
        world.begin_file(place);
        last = statements(file).iter().map(|statement| world.run(statement)).collect();
    }
    last
}

/// The same in lines, statements apart from one another by a rule.
fn said(history: &str) -> String {
    let shown: Vec<_> = replay(history).iter().map(shown).collect();
    shown.join("--\n")
}

fn shown(effects: &Effects) -> String {
    let claims = effects.claims.iter().map(claim);
    let changes = effects.changes.iter().filter(|change| change.kind.is_contract()).map(change);
    let opaque = effects.opaque.iter().map(|opaque| format!("opaque: {:?}", opaque.reason));
    let mut text = String::new();
    for line in claims.chain(changes).chain(opaque) {
        writeln!(text, "{line}").unwrap();
    }
    text
}

fn claim(claim: &Claim) -> String {
    let mut line = format!("{} {}", claim.relation, claim.lock);
    for work in claim.work.iter() {
        write!(line, " +{}", serde_json::to_value(work).unwrap().as_str().unwrap()).unwrap();
    }
    line + &known(claim.when.as_deref(), claim.evidence)
}

fn change(change: &Change) -> String {
    let line = format!("{} {} of {}", change.kind.code(), change.name, change.relation);
    line + &known(change.when.as_deref(), change.evidence)
}

fn known(when: Option<&str>, evidence: Evidence) -> String {
    let assumed = if evidence == Evidence::Assumed { " (assumed)" } else { "" };
    when.map_or_else(String::new, |when| format!(", {when}")) + assumed
}
