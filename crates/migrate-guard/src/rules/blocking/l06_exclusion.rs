use crate::Level;
use crate::claim::Cause;
use crate::linter::Finding;
use crate::rules::{Check, Moment, Rule};

pub(in crate::rules) static RULE: Rule = Rule {
    id: "L06",
    name: "exclusion",
    level: Level::Error,
    condition: "An exclusion constraint is added, and its index built with it.",
    effect: "Reads and writes of the table wait until the index is built. There is no `NOT VALID` for it, and no `USING INDEX`.",
    workaround: "Make a new table that has it, copy in batches while a trigger keeps it up, and swap; or take a window in which the table may stand still.",
    bad: r"-- earlier:
CREATE TABLE bookings (room int, during tsrange);
-- this migration:
ALTER TABLE bookings ADD CONSTRAINT no_overlap EXCLUDE USING gist (during WITH &&);
",
    good: r"-- this migration:
CREATE TABLE bookings (room int, during tsrange, CONSTRAINT no_overlap EXCLUDE USING gist (during WITH &&));
",
    source: "https://www.postgresql.org/docs/current/sql-createtable.html",
    check: Check::Statement(check),
};

fn check(moment: &Moment<'_>, findings: &mut Vec<Finding>) {
    for claim in moment.long(|cause| matches!(cause, Cause::BuildExclusion)) {
        let message = format!(
            "an exclusion constraint's index is built on {} while all its readers and writers wait",
            claim.relation
        );
        findings.push(moment.at(claim, &message));
    }
}
