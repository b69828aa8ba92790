use crate::Level;
use crate::rules::{Check, Rule};

pub(super) static RULE: Rule = Rule {
    id: "S01",
    name: "unreadable",
    level: Level::Error,
    condition: "A migration that cannot be read.",
    effect: "It is applied all the same and is not judged, and what later ones say of its tables is guessed.",
    workaround: "Make it readable, and look again.",
    bad: "-- a file without the right to read it\nSELECT 1;",
    good: "SELECT 1;",
    source: "handover",
    check: Check::Elsewhere,
};
