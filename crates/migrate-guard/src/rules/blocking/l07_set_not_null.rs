use crate::Level;
use crate::claim::{Cause, ChangeKind};
use crate::ddl::Action;
use crate::linter::Finding;
use crate::rules::sql::ident;
use crate::rules::{Check, Moment, Rule};

pub(in crate::rules) static RULE: Rule = Rule {
    id: "L07",
    name: "set-not-null",
    level: Level::Error,
    condition: "A column becomes required, and every row is read to prove it.",
    effect: "Reads and writes of the table wait until every row is read.",
    workaround: "Add `CHECK (column IS NOT NULL) NOT VALID`, validate it in a later transaction, then `SET NOT NULL`, which the valid check proves without a look at the rows, and drop the check. From PostgreSQL 18 on: `ADD CONSTRAINT … NOT NULL column NOT VALID`, and validate it.",
    bad: r"-- earlier:
CREATE TABLE users (id bigint PRIMARY KEY, email text);
-- this migration:
ALTER TABLE users ALTER COLUMN email SET NOT NULL;
",
    good: r"-- earlier:
CREATE TABLE users (id bigint PRIMARY KEY, email text);
-- this migration:
ALTER TABLE users ADD CONSTRAINT users_email_set CHECK (email IS NOT NULL) NOT VALID;
-- this migration:
ALTER TABLE users VALIDATE CONSTRAINT users_email_set;
-- this migration:
ALTER TABLE users ALTER COLUMN email SET NOT NULL;
ALTER TABLE users DROP CONSTRAINT users_email_set;
",
    source: "https://www.postgresql.org/docs/current/sql-altertable.html",
    check: Check::Statement(check),
};

fn check(moment: &Moment<'_>, findings: &mut Vec<Finding>) {
    // A new column that old code cannot write is told of as that.
    let told = !moment.changes(|kind| kind == ChangeKind::AddRequiredColumn).is_empty();
    let reads = |cause: &Cause| match cause {
        Cause::ProveNotNull => true,
        Cause::AddRequired => !told,
        _ => false,
    };
    for claim in moment.long(reads) {
        let message =
            format!("every row of {} is read while all its readers and writers wait", claim.relation);
        let finding = moment.at(claim, &message);
        findings.push(match moment.action(claim.span) {
            Some((table, Action::Column { name, .. })) => finding.instead(steps(table, name)),
            _ => finding,
        });
    }
}

fn steps(table: &str, column: &str) -> String {
    let check = ident(&format!("{column}_not_null"));
    let column = ident(column);
    format!(
        "ALTER TABLE {table} ADD CONSTRAINT {check} CHECK ({column} IS NOT NULL) NOT VALID;\n\
         -- in a later transaction:\n\
         ALTER TABLE {table} VALIDATE CONSTRAINT {check};\n\
         -- and then:\n\
         ALTER TABLE {table} ALTER COLUMN {column} SET NOT NULL;\n\
         ALTER TABLE {table} DROP CONSTRAINT {check};"
    )
}
