use crate::Level;
use crate::rules::{Check, Rule};

pub(super) static RULE: Rule = Rule {
    id: "S08",
    name: "skipped",
    level: Level::Note,
    condition: "A file of SQL that the runner passes over.",
    effect: "What it says does not happen.",
    workaround: "Name it as the runner wants it, or put it elsewhere.",
    bad: "-- V1_a.sql, with one underscore\nSELECT 1;",
    good: "-- V1__a.sql\nSELECT 1;",
    source: "handover",
    check: Check::Elsewhere,
};
