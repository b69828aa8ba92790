use crate::Level;
use crate::claim::Cause;
use crate::linter::Finding;
use crate::rules::{Check, Moment, Rule};

pub(in crate::rules) static RULE: Rule = Rule {
    id: "L11",
    name: "numbered-or-generated-column",
    level: Level::Error,
    condition: "A column comes in that is `serial`, an identity, or generated and stored.",
    effect: "Reads and writes of the table wait until every row is written anew.",
    workaround: "Add a plain column, fill it in batches, and set its default or identity afterwards. From PostgreSQL 18 on a `VIRTUAL` generated column costs nothing.",
    bad: r"-- earlier:
CREATE TABLE users (name text);
-- this migration:
ALTER TABLE users ADD COLUMN id bigint GENERATED ALWAYS AS IDENTITY;
",
    good: r"-- earlier:
CREATE TABLE users (name text);
-- this migration:
ALTER TABLE users ADD COLUMN id bigint;
",
    source: "https://www.postgresql.org/docs/current/sql-altertable.html",
    check: Check::Statement(check),
};

fn check(moment: &Moment<'_>, findings: &mut Vec<Finding>) {
    for claim in moment.long(|cause| kind(cause).is_some()) {
        let kind = kind(&claim.cause).unwrap_or_default();
        let message = format!(
            "every row of {} is written anew for {kind}, while all its readers and writers wait",
            claim.relation
        );
        findings.push(moment.at(claim, &message));
    }
}

fn kind(cause: &Cause) -> Option<&'static str> {
    match cause {
        Cause::AddSerial => Some("a serial column"),
        Cause::AddIdentity => Some("an identity column"),
        Cause::AddStoredGenerated => Some("a generated column that is stored"),
        _ => None,
    }
}
