use crate::Level;
use crate::rules::{Check, Rule};

pub(crate) static RULE: Rule = Rule {
    id: "A01",
    name: "allow-malformed",
    level: Level::Error,
    condition: "An allowance that is mistyped, names no known rule, or gives no reason.",
    effect: "It allows nothing, and a reader cannot tell what was meant.",
    workaround: "Write `-- handover:allow L01 until=2027-01-31 reason=\"why\"` before the statement.",
    bad: "-- handover:allow L01\nSELECT 1;\n-- handover:alow L01 reason=\"small table\"\nSELECT 2;",
    good: "SELECT 1;",
    source: "handover",
    check: Check::Elsewhere,
};
