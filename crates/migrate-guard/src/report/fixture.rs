//! A report as a linter might make it.

use std::sync::Arc;

use crate::claim::{Cause, Change, ChangeKind, Claim, Class, RelationKind, Works};
use crate::lines::Lines;
use crate::linter::{FileReport, Finding, Fix, Level, Report, StatementReport};
use crate::{Age, Evidence, Layout, Lock, QualifiedName, Span, Wrapping};

/// One file with an index, a dropped column, a brief lock and an allowed finding; one that is clean; one that is there twice.
pub(super) fn report() -> Report {
    let second =
        FileReport { path: "m/2_b.sql".to_owned(), text: "SELECT 1;\n".into(), ..FileReport::default() };
    Report {
        layout: Some(Layout::Prisma),
        files: vec![first(), second],
        problems: vec![("m/3_c.sql".to_owned(), finding("S04", "duplicate-version", Span::default()))],
    }
}

const SQL: &str = "-- naïve 日本\nCREATE INDEX i\n\tON \"users\" (email);\n\
                   ALTER TABLE users DROP COLUMN name, DROP COLUMN age;\n\
                   ALTER TABLE orders ALTER COLUMN note SET DEFAULT '<none>';\n";

fn first() -> FileReport {
    let index = at("CREATE INDEX i\n\tON \"users\" (email)");
    let mut long = finding("X01", "first-rule", index);
    long.relation = Some(users());
    long.rewrite = Some("CREATE INDEX CONCURRENTLY i ON users (email);".to_owned());
    long.fix = Some(Fix {
        title: "build it concurrently".to_owned(),
        edits: vec![(Span::new(index.start + 12, index.start + 12), " CONCURRENTLY".to_owned())],
    });
    let mut dropped = finding("X02", "second-rule", at("DROP COLUMN name"));
    dropped.also = vec![at("DROP COLUMN age")];
    dropped.level = Level::Warning;
    dropped.evidence = Evidence::Assumed;
    FileReport {
        path: "m/1_a b.sql".to_owned(),
        text: Arc::from(SQL),
        wrapping: Wrapping::SimpleQuery,
        statements: vec![
            statement(
                index,
                Class::Long,
                vec![claim(Lock::Share, Works::BUILD, None), own_index()],
                Vec::new(),
            ),
            statement(
                at("ALTER TABLE users DROP COLUMN name, DROP COLUMN age"),
                Class::Brief,
                twice(),
                vec![change()],
            ),
            statement(
                at("ALTER TABLE orders ALTER COLUMN note SET DEFAULT '<none>'"),
                Class::Brief,
                orders(),
                Vec::new(),
            ),
        ],
        findings: vec![long, dropped],
        suppressed: vec![finding("X03", "third-rule", at("ALTER TABLE orders"))],
        ..FileReport::default()
    }
}

fn at(words: &str) -> Span {
    let start = SQL.find(words).unwrap();
    Span::new(start, start + words.len())
}

fn users() -> QualifiedName {
    QualifiedName::new("public", "users")
}

pub(super) fn finding(rule: &'static str, name: &'static str, span: Span) -> Finding {
    Finding {
        rule,
        name,
        level: Level::Error,
        span,
        relation: None,
        also: Vec::new(),
        message: format!("what `{rule}` sees, 100%: \"a\", <b> & c"),
        effect: "who waits".to_owned(),
        workaround: "what to do\ninstead".to_owned(),
        rewrite: None,
        fix: None,
        evidence: Evidence::Decided,
    }
}

fn statement(span: Span, class: Class, claims: Vec<Claim>, changes: Vec<Change>) -> StatementReport {
    StatementReport {
        span,
        line: Lines::of(SQL).line(span.start),
        class,
        in_transaction: true,
        claims,
        changes,
    }
}

fn claim(lock: Lock, work: Works, when: Option<&str>) -> Claim {
    Claim {
        relation: users(),
        kind: RelationKind::Table,
        age: Age::Old,
        lock,
        work,
        cause: Cause::BuildIndex,
        span: Span::default(),
        when: when.map(str::to_owned),
        evidence: Evidence::Decided,
    }
}

/// What a scorer does not ask about.
fn own_index() -> Claim {
    Claim { kind: RelationKind::Index, ..claim(Lock::AccessExclusive, Works::INDEX, None) }
}

/// Two claims about one table, one of them conditional.
fn twice() -> Vec<Claim> {
    let sure = claim(Lock::ShareUpdateExclusive, Works::SCAN, None);
    let perhaps = claim(Lock::AccessExclusive, Works::REWRITE, Some("unless TimeZone is UTC"));
    vec![sure, Claim { evidence: Evidence::Assumed, ..perhaps }]
}

fn orders() -> Vec<Claim> {
    let old = Claim {
        relation: QualifiedName::new("public", "orders"),
        ..claim(Lock::AccessExclusive, Works::NONE, None)
    };
    let young = Claim { relation: QualifiedName::new("public", "new"), age: Age::File, ..old.clone() };
    vec![old, young]
}

fn change() -> Change {
    Change {
        kind: ChangeKind::DropColumn,
        relation: users(),
        age: Age::Old,
        name: "name".to_owned(),
        span: Span::default(),
        detail: None,
        when: None,
        fresh: false,
        evidence: Evidence::Decided,
    }
}
