use crate::Level;
use crate::ddl::{Column, ConstraintKind};
use crate::linter::Finding;
use crate::rules::columns;
use crate::rules::{Check, Moment, Rule};

pub(in crate::rules) static RULE: Rule = Rule {
    id: "C15",
    name: "narrow-type",
    level: Level::Note,
    condition: "A column comes in whose type is likely to be too narrow one day: `char(n)`, `timestamp` without a time zone, a 32-bit key.",
    effect: "Widening it later rewrites the table under a lock; `char(n)` pads, and `timestamp` means another moment in each session.",
    workaround: "Use `text`, `timestamptz`, and `bigint` for keys.",
    bad: r"-- this migration:
CREATE TABLE events (id serial PRIMARY KEY, at timestamp);
",
    good: r"-- this migration:
CREATE TABLE events (id bigserial PRIMARY KEY, at timestamptz);
",
    source: "https://wiki.postgresql.org/wiki/Don%27t_Do_This",
    check: Check::Statement(check),
};

fn check(moment: &Moment<'_>, findings: &mut Vec<Finding>) {
    for column in columns::new(&moment.statement.ddl) {
        if let Some(why) = narrow(column) {
            let finding = moment.rule.finding(column.span, moment.context);
            findings.push(finding.saying(format!("`{}` {why}", column.name)));
        }
    }
}

fn narrow(column: &Column) -> Option<&'static str> {
    let is_key = column.constraints.iter().any(|it| matches!(it.kind, ConstraintKind::Primary { .. }));
    match column.ty.as_ref()?.name.name.as_str() {
        "bpchar" => Some("is padded with spaces"),
        "timestamp" => Some("has no time zone"),
        "serial2" | "serial4" => Some("runs out at two thousand million"),
        "int2" | "int4" if is_key || column.identity => Some("runs out at two thousand million"),
        _ => None,
    }
}
