use std::collections::HashSet;

use crate::Age;
use crate::claim::{Claim, Class};
use crate::linter::{FileReport, StatementReport};
use crate::report::safe;

/// How many relations and lines are named.
const NAMED: usize = 3;

/// What only takes a moment, in one line, if no finding speaks of it.
pub(super) fn brief(file: &FileReport) -> Option<String> {
    let said = places(file);
    let brief: Vec<&StatementReport> =
        file.statements.iter().filter(|statement| is_unsaid(statement, &said)).collect();
    let lines: Vec<String> = brief.iter().map(|statement| statement.line.to_string()).collect();
    let locked = named(&relations(&brief));
    let bound = "they wait for the lock first, and all who come later wait behind them";
    match lines.len() {
        0 => None,
        1 => Some(format!(
            "line {} locks {locked} for a moment: it waits for the lock first, and all who come later wait behind it",
            lines.concat()
        )),
        count => {
            Some(format!("{count} statements (lines {}) lock {locked} for a moment: {bound}", named(&lines)))
        }
    }
}

/// Where findings are, in order.
fn places(file: &FileReport) -> Vec<usize> {
    let spans = file.findings.iter().flat_map(|finding| std::iter::once(&finding.span).chain(&finding.also));
    let mut places: Vec<usize> = spans.map(|span| span.start).collect();
    places.sort_unstable();
    places
}

fn is_unsaid(statement: &StatementReport, said: &[usize]) -> bool {
    let next = said.partition_point(|place| *place < statement.span.start);
    let said = said.get(next).is_some_and(|place| *place < statement.span.end);
    takes_a_moment(statement) && !said
}

/// Whether others wait for a moment: also where an index is made anew and keeps its file, whatever the class says.
pub(super) fn takes_a_moment(statement: &StatementReport) -> bool {
    let holds_up = |claim: &Claim| claim.age != Age::File && claim.lock.blocks() && claim.is_slow();
    match statement.class {
        Class::None => false,
        Class::Brief => true,
        Class::Long => !statement.claims.iter().any(holds_up),
    }
}

/// What is locked so that others wait, each once, in order.
fn relations(brief: &[&StatementReport]) -> Vec<String> {
    let claims = brief.iter().flat_map(|statement| &statement.claims);
    let locked = claims.filter(|claim| claim.age != Age::File && claim.lock.blocks());
    let mut seen = HashSet::new();
    let fresh = locked.map(|claim| &claim.relation).filter(|relation| seen.insert(*relation));
    fresh.map(|name| format!("`{}`", safe::escaped(&name.to_string()))).collect()
}

/// The first few, and how many more.
fn named(all: &[String]) -> String {
    match all {
        [] => String::new(),
        [one] => one.clone(),
        [first @ .., last] if all.len() <= NAMED => format!("{} and {last}", first.join(", ")),
        _ => {
            let first = all.get(..NAMED).unwrap_or(all).join(", ");
            format!("{first} and {} more", all.len() - NAMED)
        }
    }
}
