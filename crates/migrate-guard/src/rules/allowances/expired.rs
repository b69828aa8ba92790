use crate::Level;
use crate::rules::{Check, Rule};

pub(crate) static RULE: Rule = Rule {
    id: "A02",
    name: "allow-expired",
    level: Level::Error,
    condition: "An allowance whose day has passed.",
    effect: "It allows nothing any more: somebody wanted to look again by that day.",
    workaround: "Mend what was allowed, or look again and set another day.",
    bad: "-- handover:allow L01 until=2020-01-01 reason=\"small table\"\nSELECT 1;",
    good: "SELECT 1;",
    source: "handover",
    check: Check::Elsewhere,
};
