use crate::Level;
use crate::rules::{Check, Rule};

pub(super) static RULE: Rule = Rule {
    id: "S12",
    name: "unmarked",
    level: Level::Error,
    condition: "A migration of goose or dbmate that does not mark its way up.",
    effect: "The runner refuses it, and goes no further.",
    workaround: "Begin it with the runner's line: `-- +goose Up`, or `-- migrate:up`.",
    bad: "-- 00001_a.sql, among those of goose\nSELECT 1;",
    good: "-- +goose Up\nSELECT 1;",
    source: "handover",
    check: Check::Elsewhere,
};
