use crate::Level;
use crate::claim::Cause;
use crate::linter::Finding;
use crate::rules::{Check, Moment, Rule};

pub(in crate::rules) static RULE: Rule = Rule {
    id: "L09",
    name: "type-reindex",
    level: Level::Error,
    condition: "A column's new type keeps its bytes, but what hangs on it must be built or proven anew.",
    effect: "Reads and writes of the table wait while its indexes are rebuilt or its constraints are proven; then the running release meets a type that it does not expect.",
    workaround: "Build indexes of the new kind concurrently beside the old ones where that is possible; else add a column of the new type, as for L08.",
    bad: r#"-- earlier:
CREATE TABLE users (id int PRIMARY KEY, name text);
CREATE INDEX users_name ON users (name);
-- this migration:
ALTER TABLE users ALTER COLUMN name TYPE text COLLATE "C";
"#,
    good: r"-- earlier:
CREATE TABLE users (id int PRIMARY KEY, name varchar(20));
CREATE INDEX users_name ON users (name);
-- this migration:
ALTER TABLE users ALTER COLUMN name TYPE text;
",
    source: "src/backend/commands/tablecmds.c, TryReuseIndex",
    check: Check::Statement(check),
};

fn check(moment: &Moment<'_>, findings: &mut Vec<Finding>) {
    for claim in moment.long(|cause| matches!(cause, Cause::ReindexType { .. })) {
        let message = format!(
            "indexes or constraints of {} are built or proven anew while all its readers and writers wait",
            claim.relation
        );
        findings.push(moment.at(claim, &message));
    }
}
