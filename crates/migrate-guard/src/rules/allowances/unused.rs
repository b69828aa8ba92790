use crate::Level;
use crate::rules::{Check, Rule};

pub(crate) static RULE: Rule = Rule {
    id: "A03",
    name: "allow-unused",
    level: Level::Error,
    condition: "An allowance that no finding needs.",
    effect: "It would hide what comes there later.",
    workaround: "Take it out.",
    bad: "-- handover:allow L01 reason=\"small table\"\nSELECT 1;",
    good: "SELECT 1;",
    source: "handover",
    check: Check::Elsewhere,
};
