use crate::Level;
use crate::rules::{Check, Rule};

pub(super) static RULE: Rule = Rule {
    id: "S10",
    name: "not-sql",
    level: Level::Warning,
    condition: "Migrations in another language than SQL.",
    effect: "They are applied and not judged, and what later ones say of their tables is guessed.",
    workaround: "Give the catalog of a database that has them, so that nothing need be guessed.",
    bad: "-- 2_b.rb\nSELECT 1;",
    good: "-- 2_b.sql\nSELECT 1;",
    source: "handover",
    check: Check::Elsewhere,
};
