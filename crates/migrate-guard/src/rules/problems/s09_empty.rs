use crate::Level;
use crate::rules::{Check, Rule};

pub(super) static RULE: Rule = Rule {
    id: "S09",
    name: "empty",
    level: Level::Note,
    condition: "A migration in which nothing is run.",
    effect: "It is recorded as applied, and filling it in later is a change after that.",
    workaround: "Fill it in before it is applied anywhere, or take it out.",
    bad: "-- later",
    good: "SELECT 1;",
    source: "handover",
    check: Check::Elsewhere,
};
