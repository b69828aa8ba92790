use crate::Level;
use crate::rules::{Check, Rule};

pub(super) static RULE: Rule = Rule {
    id: "S07",
    name: "mixed-layouts",
    level: Level::Error,
    condition: "A migration of another runner among those of this one.",
    effect: "The runner passes it over, or runs it as what it is not: a way back together with the way there.",
    workaround: "Put it into the folder of its runner.",
    bad: "-- V1__a.sql, among those of goose\nSELECT 1;",
    good: "-- 00001_a.sql, with `-- +goose Up`\nSELECT 1;",
    source: "handover",
    check: Check::Elsewhere,
};
