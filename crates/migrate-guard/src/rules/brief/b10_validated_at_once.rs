use crate::Age;
use crate::Level;
use crate::ddl::{Action, Ddl};
use crate::linter::Finding;
use crate::rules::{Check, FileMoment, Rule};

pub(in crate::rules) static RULE: Rule = Rule {
    id: "B10",
    name: "validated-at-once",
    level: Level::Error,
    condition: "A constraint is added `NOT VALID` and validated in the same transaction.",
    effect: "The strong lock of the first is held while every row is read: the same wait as without `NOT VALID`.",
    workaround: "Validate it in a later transaction: another file, for most runners.",
    bad: r"-- earlier:
CREATE TABLE users (id bigint PRIMARY KEY, age int);
-- this migration:
ALTER TABLE users ADD CONSTRAINT adult CHECK (age >= 18) NOT VALID;
ALTER TABLE users VALIDATE CONSTRAINT adult;
",
    good: r"-- earlier:
CREATE TABLE users (id bigint PRIMARY KEY, age int);
-- this migration:
ALTER TABLE users ADD CONSTRAINT adult CHECK (age >= 18) NOT VALID;
-- this migration:
ALTER TABLE users VALIDATE CONSTRAINT adult;
",
    source: "https://www.postgresql.org/docs/current/sql-altertable.html#SQL-ALTERTABLE-NOTES",
    check: Check::File(check),
};

fn check(moment: &FileMoment<'_>, findings: &mut Vec<Finding>) {
    let mut added: Vec<(Option<usize>, &str)> = Vec::new();
    for (statement, effects, transaction) in moment.statements {
        let Ddl::AlterTable(alter) = &statement.ddl else { continue };
        if effects.claims.iter().all(|claim| claim.age == Age::File) {
            continue;
        }
        for (span, action) in &alter.actions {
            match action {
                Action::AddConstraint(it) if it.not_valid => {
                    added.extend(it.name.as_deref().map(|name| (*transaction, name)));
                }
                Action::ValidateConstraint(name)
                    if transaction.is_some() && added.contains(&(*transaction, name)) =>
                {
                    findings.push(
                        moment.at(*span, format!("`{name}` is validated under the lock that added it")),
                    );
                }
                _ => {}
            }
        }
    }
}
