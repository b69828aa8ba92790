use crate::Level;
use crate::claim::Cause;
use crate::ddl::{Action, Column};
use crate::linter::Finding;
use crate::rules::sql::ident;
use crate::rules::{Check, Moment, Rule};

pub(in crate::rules) static RULE: Rule = Rule {
    id: "L10",
    name: "volatile-default",
    level: Level::Error,
    condition: "A column comes in with a default that must be computed for every row.",
    effect: "Reads and writes of the table wait until every row is written anew.",
    workaround: "Add the column without a default, `SET DEFAULT` for new rows, and fill the old ones in batches. A constant, or a function that is stable such as `now()`, is stored once and costs nothing.",
    bad: r"-- earlier:
CREATE TABLE users (id bigint PRIMARY KEY);
-- this migration:
ALTER TABLE users ADD COLUMN token uuid DEFAULT gen_random_uuid();
",
    good: r"-- earlier:
CREATE TABLE users (id bigint PRIMARY KEY);
-- this migration:
ALTER TABLE users ADD COLUMN token uuid;
ALTER TABLE users ALTER COLUMN token SET DEFAULT gen_random_uuid();
",
    source: "https://www.postgresql.org/docs/current/ddl-alter.html#DDL-ALTER-ADDING-A-COLUMN",
    check: Check::Statement(check),
};

fn check(moment: &Moment<'_>, findings: &mut Vec<Finding>) {
    for claim in moment.long(|cause| matches!(cause, Cause::VolatileDefault(_) | Cause::AddConstrainedDomain))
    {
        let why = match &claim.cause {
            Cause::VolatileDefault(what) => format!("{what} is computed for each"),
            _ => "its domain's constraints are checked on each".to_owned(),
        };
        let message = format!(
            "every row of {} is written anew, since {why}, while all its readers and writers wait",
            claim.relation
        );
        let finding = moment.at(claim, &message);
        findings.push(match moment.action(claim.span) {
            Some((table, Action::AddColumn { column, .. })) => in_steps(moment, finding, table, column),
            _ => finding,
        });
    }
}

fn in_steps(moment: &Moment<'_>, finding: Finding, table: &str, column: &Column) -> Finding {
    let (Some(ty), Some(default)) = (&column.ty, &column.default) else { return finding };
    let (name, default) = (ident(&column.name), moment.text(default.span));
    finding.instead(format!(
        "ALTER TABLE {table} ADD COLUMN {name} {ty};\n\
         ALTER TABLE {table} ALTER COLUMN {name} SET DEFAULT {default};\n\
         -- then fill the old rows in batches, each in a transaction of its own"
    ))
}
