use crate::Level;
use crate::rules::{Check, Rule};

pub(super) static RULE: Rule = Rule {
    id: "P02",
    name: "out-of-order",
    level: Level::Error,
    condition: "A migration that is not applied and comes before one that is.",
    effect: "It meets a schema that it was not written for, or is never applied.",
    workaround: "Give it a version after the newest that is applied.",
    bad: "-- 1_a.sql, while 2_b.sql is applied\nSELECT 1;",
    good: "-- 3_a.sql\nSELECT 1;",
    source: "handover",
    check: Check::Elsewhere,
};
