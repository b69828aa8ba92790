use crate::Level;
use crate::rules::{Check, Rule};

pub(super) static RULE: Rule = Rule {
    id: "S04",
    name: "duplicate-version",
    level: Level::Error,
    condition: "Two migrations of one version.",
    effect: "Only one of them can be recorded: the runner refuses both, or drops one without a word.",
    workaround: "Give the one that is applied nowhere yet another version.",
    bad: "-- 1_a.sql, beside 1_b.sql\nSELECT 1;",
    good: "-- 2_a.sql, beside 1_b.sql\nSELECT 1;",
    source: "handover",
    check: Check::Elsewhere,
};
