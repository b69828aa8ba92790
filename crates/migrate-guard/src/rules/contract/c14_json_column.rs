use crate::Level;
use crate::linter::Finding;
use crate::rules::columns;
use crate::rules::{Check, Moment, Rule};

pub(in crate::rules) static RULE: Rule = Rule {
    id: "C14",
    name: "json-column",
    level: Level::Note,
    condition: "A column of type `json` comes in.",
    effect: "`json` has no equality: `DISTINCT`, `GROUP BY` and `UNION` over it fail.",
    workaround: "Use `jsonb`.",
    bad: r"-- this migration:
CREATE TABLE events (id bigint PRIMARY KEY, payload json);
",
    good: r"-- this migration:
CREATE TABLE events (id bigint PRIMARY KEY, payload jsonb);
",
    source: "https://www.postgresql.org/docs/current/datatype-json.html",
    check: Check::Statement(check),
};

fn check(moment: &Moment<'_>, findings: &mut Vec<Finding>) {
    for column in columns::new(&moment.statement.ddl) {
        if column.ty.as_ref().is_some_and(|ty| ty.name.name == "json") {
            let finding = moment.rule.finding(column.span, moment.context);
            findings.push(finding.saying(format!("`{}` is json, which cannot be compared", column.name)));
        }
    }
}
