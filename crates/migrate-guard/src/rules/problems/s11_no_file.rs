use crate::Level;
use crate::rules::{Check, Rule};

pub(super) static RULE: Rule = Rule {
    id: "S11",
    name: "no-file",
    level: Level::Error,
    condition: "A folder that should be a migration and has no script.",
    effect: "The runner refuses to run with it there.",
    workaround: "Put the script in, or take the folder away.",
    bad: "-- 1_a/notes.txt\nSELECT 1;",
    good: "-- 1_a/migration.sql\nSELECT 1;",
    source: "handover",
    check: Check::Elsewhere,
};
