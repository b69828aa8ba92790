use crate::Level;
use crate::ddl::Ddl;
use crate::linter::Finding;
use crate::rules::{Check, FileMoment, Rule};

pub(in crate::rules) static RULE: Rule = Rule {
    id: "B12",
    name: "concurrent-index-short-timeout",
    level: Level::Warning,
    condition: "An index is built concurrently under a short `lock_timeout` or `statement_timeout`.",
    effect: "The build waits for every transaction that began before it; giving up there leaves an invalid index behind.",
    workaround: "Lift both for this statement (`SET lock_timeout = 0`): waiting harms nobody here, since reads and writes go on.",
    bad: r"-- earlier:
CREATE TABLE users (id bigint PRIMARY KEY, email text);
-- this migration, outside a transaction:
SET lock_timeout = '2s';
CREATE INDEX CONCURRENTLY users_email ON users (email);
",
    good: r"-- earlier:
CREATE TABLE users (id bigint PRIMARY KEY, email text);
-- this migration, outside a transaction:
SET lock_timeout = 0;
CREATE INDEX CONCURRENTLY users_email ON users (email);
",
    source: "https://www.postgresql.org/docs/current/sql-createindex.html#SQL-CREATEINDEX-CONCURRENTLY",
    check: Check::File(check),
};

fn check(moment: &FileMoment<'_>, findings: &mut Vec<Finding>) {
    let mut bounds: [Option<&str>; 2] = [None, None];
    for (statement, ..) in moment.statements {
        match &statement.ddl {
            Ddl::Set(setting) => {
                for (bound, name) in bounds.iter_mut().zip(BOUNDS) {
                    if setting.name == name {
                        *bound = setting.value.as_deref().filter(|value| !is_off(value));
                    }
                }
            }
            Ddl::CreateIndex(index) if index.concurrently => {
                for (bound, name) in bounds.iter().zip(BOUNDS) {
                    let told = bound.map(|value| {
                        format!("this build gives up after {name} = {value}, and leaves an invalid index")
                    });
                    findings.extend(told.map(|message| moment.at(statement.span, message)));
                }
            }
            _ => {}
        }
    }
}

const BOUNDS: [&str; 2] = ["lock_timeout", "statement_timeout"];

fn is_off(value: &str) -> bool {
    value.trim_matches(|c: char| c.is_alphabetic() || c.is_whitespace()) == "0"
}
