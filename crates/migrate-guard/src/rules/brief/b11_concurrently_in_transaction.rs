use crate::Level;
use crate::linter::Finding;
use crate::replay::{Refusal, RefusalKind};
use crate::rules::{Check, Moment, Rule};

pub(in crate::rules) static RULE: Rule = Rule {
    id: "B11",
    name: "concurrently-in-transaction",
    level: Level::Error,
    condition: "Something is done concurrently, or that allows no transaction, and the file runs in one, or it stands in a `DO` block or a function, which always do.",
    effect: "It fails: PostgreSQL refuses it within a transaction block, a function and a procedure (25001).",
    workaround: "Put it in a file of its own that the runner does not wrap in a transaction, as a statement and not within a body.",
    bad: r"-- earlier:
CREATE TABLE users (id bigint PRIMARY KEY, email text);
-- this migration:
CREATE INDEX CONCURRENTLY users_email ON users (email);
-- this migration, outside a transaction:
DO $$ BEGIN
  CREATE INDEX CONCURRENTLY IF NOT EXISTS users_email ON users (email);
END $$;
",
    good: r"-- earlier:
CREATE TABLE users (id bigint PRIMARY KEY, email text);
-- this migration, outside a transaction:
CREATE INDEX CONCURRENTLY users_email ON users (email);
",
    source: "https://www.postgresql.org/docs/current/sql-createindex.html#SQL-CREATEINDEX-CONCURRENTLY",
    check: Check::Statement(check),
};

fn check(moment: &Moment<'_>, findings: &mut Vec<Finding>) {
    let in_bodies = moment.effects.refused.iter().filter(|refusal| refusal.kind == RefusalKind::InBody);
    findings.extend(in_bodies.map(|refusal| in_body(moment, refusal)));
    if moment.transaction.is_none() {
        return;
    }
    let statement = moment.statement;
    let text = moment.text(statement.span);
    if let Some(words) = statement.ddl.only_outside().or_else(|| of_the_cluster(text)) {
        let finding = moment.here(format!("{words} fails, since this file runs in a transaction"));
        findings.push(finding.instead(moment.outside(&format!("{text};"))));
    }
}

fn in_body(moment: &Moment<'_>, refusal: &Refusal) -> Finding {
    let message = format!("{} fails, since a block or a function always runs in a transaction", refusal.what);
    moment.rule.finding(refusal.span, moment.context).saying(message).known(refusal.evidence)
}

/// Statements of which nothing else is known here, by their first two words.
fn of_the_cluster(text: &str) -> Option<&'static str> {
    const REFUSED: [(&str, &str, &str); 5] = [
        ("CREATE", "DATABASE", "`CREATE DATABASE`"),
        ("DROP", "DATABASE", "`DROP DATABASE`"),
        ("CREATE", "TABLESPACE", "`CREATE TABLESPACE`"),
        ("DROP", "TABLESPACE", "`DROP TABLESPACE`"),
        ("ALTER", "SYSTEM", "`ALTER SYSTEM`"),
    ];
    let mut words = text.split_whitespace();
    let (first, second) = (words.next()?, words.next()?);
    let is = |(one, other, _): &&(&str, &str, &str)| {
        first.eq_ignore_ascii_case(one) && second.eq_ignore_ascii_case(other)
    };
    REFUSED.iter().find(is).map(|(.., shown)| *shown)
}

#[cfg(test)]
mod tests {
    use crate::rules::seen::lines;
    use crate::{InMemory, Layout, LintContext, MigrationLinter, MigrationSource, PostgresLinter};

    #[test]
    fn what_is_of_the_whole_cluster_fails_in_a_transaction() {
        let found = |sql: &str| {
            let set = InMemory::new().with_layout(Layout::Sqlx).with_file("1_a.sql", sql).read().unwrap();
            let report = PostgresLinter::new().lint(&set, &LintContext::default());
            report
                .files
                .iter()
                .flat_map(|file| &file.findings)
                .map(|finding| finding.rule)
                .collect::<Vec<_>>()
        };
        for refused in [
            "CREATE DATABASE a;",
            "ALTER SYSTEM SET work_mem = '1MB';",
            "DROP TABLESPACE a;",
            "drop  database a;",
        ] {
            assert_eq!(found(refused), ["B11"], "{refused}");
            assert_eq!(found(&format!("-- no-transaction\n{refused}")), [""; 0], "{refused}");
        }
    }

    #[test]
    fn what_stands_in_a_body_fails_wherever_it_is_called() {
        let seen = |sql: &str| lines("B11", sql);
        assert_eq!(seen("DO $$ BEGIN\nEXECUTE 'DROP INDEX CONCURRENTLY IF EXISTS i';\nEND $$;"), [2]);
        assert_eq!(seen("DO $$ BEGIN\nREINDEX TABLE CONCURRENTLY t;\nEND $$;"), [2]);
        let procedure = "CREATE PROCEDURE p() LANGUAGE plpgsql AS $$ BEGIN VACUUM t; END $$;";
        assert_eq!(seen(procedure), [0; 0]);
        assert_eq!(seen(&format!("{procedure}\nCALL p();")), [2]);
        assert_eq!(seen("DO $$ BEGIN REFRESH MATERIALIZED VIEW CONCURRENTLY v; END $$;"), [0; 0]);
        assert_eq!(
            seen("DO $$ BEGIN VACUUM t; EXCEPTION WHEN active_sql_transaction THEN NULL; END $$;"),
            [0; 0]
        );
    }
}
