use crate::Level;
use crate::rules::{Check, Rule};

pub(super) static RULE: Rule = Rule {
    id: "S05",
    name: "missing",
    level: Level::Error,
    condition: "A migration that is applied and is not there any more.",
    effect: "A new database lacks what it did, and what later ones say of its tables is guessed.",
    workaround: "Bring its file back from the history of the repository.",
    bad: "-- 2_b.sql, while 1_a.sql is applied and gone\nSELECT 1;",
    good: "-- 1_a.sql\nSELECT 1;",
    source: "handover",
    check: Check::Elsewhere,
};
