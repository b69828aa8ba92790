use crate::Level;
use crate::ddl::{Ddl, Transaction};
use crate::linter::Finding;
use crate::rules::{Check, FileMoment, Rule};
use crate::{Span, Wrapping};

pub(in crate::rules) static RULE: Rule = Rule {
    id: "B15",
    name: "transaction-of-its-own",
    level: Level::Error,
    condition: "A file opens a transaction and does not commit it, or commits the one its runner opened.",
    effect: "An open transaction is rolled back when the session ends, so nothing is applied; a commit in the middle leaves a half-applied file when what follows fails.",
    workaround: "Leave `BEGIN` and `COMMIT` to the runner, or tell it not to wrap this file and end what the file begins.",
    bad: r"-- this migration, outside a transaction:
BEGIN;
CREATE TABLE users (id bigint PRIMARY KEY);
",
    good: r"-- this migration, outside a transaction:
BEGIN;
CREATE TABLE users (id bigint PRIMARY KEY);
COMMIT;
",
    source: "https://www.postgresql.org/docs/current/sql-begin.html",
    check: Check::File(check),
};

fn check(moment: &FileMoment<'_>, findings: &mut Vec<Finding>) {
    let wrapped = moment.migration.wrapping == Wrapping::Transaction;
    let mut begun: Option<Span> = None;
    for (statement, ..) in moment.statements {
        let Ddl::Transaction(word) = &statement.ddl else { continue };
        match word {
            Transaction::Begin => begun = begun.or(Some(statement.span)),
            Transaction::Commit | Transaction::Rollback => {
                if wrapped && !is_last(moment, statement.span) {
                    findings
                        .push(moment.at(statement.span, "this ends the transaction that the runner opened"));
                }
                begun = None;
            }
            _ => {}
        }
    }
    if let (Some(span), false) = (begun, wrapped) {
        findings.push(moment.at(span, "this transaction is never committed"));
    }
}

fn is_last(moment: &FileMoment<'_>, span: Span) -> bool {
    moment.statements.last().is_some_and(|(statement, ..)| statement.span == span)
}
