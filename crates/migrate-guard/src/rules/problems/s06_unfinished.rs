use crate::Level;
use crate::rules::{Check, Rule};

pub(super) static RULE: Rule = Rule {
    id: "S06",
    name: "unfinished",
    level: Level::Error,
    condition: "A migration that began and did not end.",
    effect: "The runner goes no further, and half of it may be in the database.",
    workaround: "See how much of it is there, finish that or take it back by hand, and tell the runner.",
    bad: "-- begun, and failed on its second statement\nSELECT 1;",
    good: "SELECT 1;",
    source: "handover",
    check: Check::Elsewhere,
};
