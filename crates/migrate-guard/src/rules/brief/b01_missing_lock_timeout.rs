use super::bounds::Bounds;
use crate::Level;
use crate::Span;
use crate::claim::Class;
use crate::ddl::{Ddl, ObjectKind};
use crate::linter::{Finding, Fix};
use crate::rules::{Check, FileMoment, Rule};

pub(in crate::rules) static RULE: Rule = Rule {
    id: "B01",
    name: "missing-lock-timeout",
    level: Level::Warning,
    condition: "A lock that others wait for is taken, and nothing bounds the wait for it.",
    effect: "While it waits behind a long transaction, every later query on the table queues behind it: a moment's lock becomes an outage.",
    workaround: "`SET LOCAL lock_timeout = '5s'` at the top of the file (`SET` outside a transaction), and run it again if it gives up; or set it for the role that migrates and say so with `lock_timeout` in the settings.",
    bad: r"-- earlier:
CREATE TABLE users (id bigint PRIMARY KEY);
-- this migration:
ALTER TABLE users ADD COLUMN email text;
-- this migration, outside a transaction:
SET LOCAL lock_timeout = '5s';
ALTER TABLE users ADD COLUMN email text;
",
    good: r"-- earlier:
CREATE TABLE users (id bigint PRIMARY KEY);
-- this migration:
SET LOCAL lock_timeout = '5s';
ALTER TABLE users ADD COLUMN email text;
-- this migration, outside a transaction:
SET lock_timeout = '5s';
ALTER TABLE users ADD COLUMN name text;
",
    source: "https://www.postgresql.org/docs/current/runtime-config-client.html#GUC-LOCK-TIMEOUT",
    check: Check::File(check),
};

fn check(moment: &FileMoment<'_>, findings: &mut Vec<Finding>) {
    if moment.context.lock_timeout.is_some() {
        return;
    }
    let mut bounds = Bounds::default();
    let unbounded = moment.statements.iter().find(|(statement, effects, transaction)| {
        bounds.take(statement, *transaction);
        Class::of(&effects.claims) >= Class::Brief && bounds.held(*transaction).next().is_none()
    });
    if let Some((statement, _, transaction)) = unbounded {
        let finding = moment.at(statement.span, "the wait for this lock has no bound");
        // An index that is built concurrently waits for old transactions: five seconds would leave it half built, and
        // a statement more in the file may make a transaction of it.
        let indexes = moment.statements.iter().any(|(statement, ..)| is_of_indexes(&statement.ddl));
        let bound = bound(statement.span, transaction.is_some());
        findings.push(if indexes { finding } else { finding.fixed_by(bound) });
    }
}

fn is_of_indexes(ddl: &Ddl) -> bool {
    match ddl {
        Ddl::CreateIndex(_) | Ddl::Reindex(_) => true,
        Ddl::Drop(drop) => drop.kind == ObjectKind::Index,
        _ => false,
    }
}

fn bound(before: Span, in_transaction: bool) -> Fix {
    let local = if in_transaction { " LOCAL" } else { "" };
    let place = Span::new(before.start, before.start);
    Fix::insert("bound the wait for locks", place, format!("SET{local} lock_timeout = '5s';\n"))
}
