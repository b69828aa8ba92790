use crate::Level;
use crate::rules::{Check, Rule};

pub(super) static RULE: Rule = Rule {
    id: "S03",
    name: "too-large",
    level: Level::Error,
    condition: "A migration that is larger than is read.",
    effect: "It is applied all the same and is not judged.",
    workaround: "Load the data it carries by itself, and leave the schema to the migration.",
    bad: "-- a dump of many gigabytes\nSELECT 1;",
    good: "SELECT 1;",
    source: "handover",
    check: Check::Elsewhere,
};
