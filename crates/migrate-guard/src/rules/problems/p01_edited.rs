use crate::Level;
use crate::rules::{Check, Rule};

pub(super) static RULE: Rule = Rule {
    id: "P01",
    name: "edited-applied-migration",
    level: Level::Error,
    condition: "A migration that was changed after it was applied.",
    effect: "Databases that have it keep what it was; new ones get what it is now.",
    workaround: "Put it back as it was, and write the change as a migration of its own.",
    bad: "-- applied as: CREATE TABLE t (a int);\nCREATE TABLE t (a bigint);",
    good: "CREATE TABLE t (a int);",
    source: "handover",
    check: Check::Elsewhere,
};
