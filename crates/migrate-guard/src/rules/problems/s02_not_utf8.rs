use crate::Level;
use crate::rules::{Check, Rule};

pub(super) static RULE: Rule = Rule {
    id: "S02",
    name: "not-utf-8",
    level: Level::Error,
    condition: "A migration that is not UTF-8.",
    effect: "It is not judged, and what the server makes of its bytes hangs on the session's encoding.",
    workaround: "Save it as UTF-8, as in `iconv -f LATIN1 -t UTF-8`.",
    bad: "-- bytes of Latin-1\nSELECT 1;",
    good: "SELECT 1;",
    source: "handover",
    check: Check::Elsewhere,
};
