use crate::Level;
use crate::ObjectName;
use crate::ddl::{AlterEnum, Ddl};
use crate::linter::Finding;
use crate::rules::{Check, FileMoment, Rule};

pub(in crate::rules) static RULE: Rule = Rule {
    id: "B14",
    name: "enum-value-used-at-once",
    level: Level::Error,
    condition: "A label is added to an enum and used in the same transaction.",
    effect: "It fails: a new label may not be used before the transaction that added it commits (55P04).",
    workaround: "Add the label in a file of its own.",
    bad: r"-- earlier:
CREATE TYPE mood AS ENUM ('good');
CREATE TABLE people (id bigint PRIMARY KEY, mood mood);
-- this migration:
ALTER TYPE mood ADD VALUE 'fine';
UPDATE people SET mood = 'fine' WHERE id = 1;
",
    good: r"-- earlier:
CREATE TYPE mood AS ENUM ('good');
CREATE TABLE people (id bigint PRIMARY KEY, mood mood);
-- this migration:
ALTER TYPE mood ADD VALUE 'fine';
-- this migration:
UPDATE people SET mood = 'fine' WHERE id = 1;
",
    source: "https://www.postgresql.org/docs/current/sql-altertype.html#SQL-ALTERTYPE-NOTES",
    check: Check::File(check),
};

fn check(moment: &FileMoment<'_>, findings: &mut Vec<Finding>) {
    let mut added: Vec<(usize, String)> = Vec::new();
    let mut made: Vec<&ObjectName> = Vec::new();
    for (statement, _, transaction) in moment.statements {
        let Some(transaction) = *transaction else { continue };
        match &statement.ddl {
            Ddl::CreateType(it) => made.push(&it.name),
            Ddl::AlterEnum(AlterEnum::Add { name, value, .. }) if !made.contains(&name) => {
                added.push((transaction, quoted(value)));
            }
            Ddl::Comment(_) | Ddl::CreateFunction(_) => {}
            _ => {
                let text =
                    moment.migration.text.get(statement.span.start..statement.span.end).unwrap_or_default();
                let used = added
                    .iter()
                    .find(|(within, label)| *within == transaction && text.contains(label.as_str()));
                if let Some((_, label)) = used {
                    findings.push(
                        moment.at(statement.span, format!("{label} is used in the transaction that adds it")),
                    );
                    return;
                }
            }
        }
    }
}

fn quoted(label: &str) -> String {
    format!("'{}'", label.replace('\'', "''"))
}
