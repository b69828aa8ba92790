use crate::Level;
use crate::claim::Cause;
use crate::linter::Finding;
use crate::rules::using_index;
use crate::rules::{Check, Moment, Rule};

pub(in crate::rules) static RULE: Rule = Rule {
    id: "L05",
    name: "primary-key",
    level: Level::Error,
    condition: "A primary key is added, and its index built with it.",
    effect: "Reads and writes of the table wait until the index is built, and until every row is checked if a column may be null.",
    workaround: "Prove the columns not null first (see L07), build a unique index concurrently, then `ADD PRIMARY KEY USING INDEX`, which takes a moment.",
    bad: r"-- earlier:
CREATE TABLE events (id bigint NOT NULL, at timestamptz);
-- this migration:
ALTER TABLE events ADD PRIMARY KEY (id);
",
    good: r"-- earlier:
CREATE TABLE events (id bigint NOT NULL, at timestamptz);
-- this migration, outside a transaction:
CREATE UNIQUE INDEX CONCURRENTLY events_pkey ON events (id);
-- this migration:
ALTER TABLE events ADD CONSTRAINT events_pkey PRIMARY KEY USING INDEX events_pkey;
",
    source: "https://www.postgresql.org/docs/current/sql-altertable.html",
    check: Check::Statement(check),
};

fn check(moment: &Moment<'_>, findings: &mut Vec<Finding>) {
    for claim in moment.long(|cause| matches!(cause, Cause::BuildPrimaryKey)) {
        let message = format!(
            "the primary key's index is built on {} while all its readers and writers wait",
            claim.relation
        );
        let finding = moment.at(claim, &message);
        findings.push(using_index::instead(moment, claim.span, finding));
    }
}
