use crate::ddl::{Condition, Lookup};
use crate::replay::run::Run;

/// The condition of an `ELSE`.
pub(super) const OTHERWISE: &str = "otherwise";

impl Run<'_, '_> {
    /// Whether a condition holds, if the catalog can say.
    pub(super) fn decide(&self, condition: &Condition) -> Option<bool> {
        match condition {
            Condition::Always => Some(true),
            Condition::Not(inner) => self.decide(inner).map(|holds| !holds),
            Condition::All(all) => every(all.iter().map(|one| self.decide(one))),
            Condition::Any(all) => {
                every(all.iter().map(|one| self.decide(one).map(|holds| !holds))).map(|none| !none)
            }
            Condition::Exists(lookup) => self.world.exists(&self.asked(lookup)),
            Condition::Unknown { text, .. } => self.truth_of(text),
        }
    }
}

/// Whether all hold: not so if one does not, whatever the others.
pub(super) fn every(all: impl Iterator<Item = Option<bool>>) -> Option<bool> {
    let mut known = true;
    for one in all {
        match one {
            Some(true) => {}
            Some(false) => return Some(false),
            None => known = false,
        }
    }
    known.then_some(true)
}

/// A condition as a claim shows it.
pub(super) fn words(condition: &Condition) -> String {
    match condition {
        Condition::Always => OTHERWISE.to_owned(),
        Condition::Not(inner) => format!("unless {}", bare(inner)),
        other => format!("if {}", bare(other)),
    }
}

/// The condition of what stands behind something that leads elsewhere under that condition.
pub(super) fn opposite(words: &str) -> String {
    match words.split_once(' ') {
        Some(("if", what)) => format!("unless {what}"),
        Some(("unless", what)) => format!("if {what}"),
        _ => "unless that ended before".to_owned(),
    }
}

fn bare(condition: &Condition) -> String {
    match condition {
        Condition::Always => "true".to_owned(),
        Condition::Not(inner) => format!("not {}", bare(inner)),
        Condition::All(all) => list(all, " and "),
        Condition::Any(all) => list(all, " or "),
        Condition::Exists(lookup) => looked_up(lookup),
        Condition::Unknown { text, .. } => text.clone(),
    }
}

fn list(all: &[Condition], between: &str) -> String {
    all.iter().map(bare).collect::<Vec<_>>().join(between)
}

fn looked_up(lookup: &Lookup) -> String {
    let equals = lookup.equals.iter().map(|(column, value)| format!("{column} = '{value}'"));
    let variables = lookup.variables.iter().map(|(column, name)| format!("{column} = {name}"));
    let equals: Vec<_> = equals.chain(variables).collect();
    format!("{} has {}", lookup.relations.join(", "), equals.join(" and "))
}
