//! Each rule's own examples, looked at by the linter: what is bad is seen, what is good is not.

use std::fmt::Write as _;

use super::{Check, RULES, Rule};
use crate::linter::{Finding, Level, MigrationLinter, PostgresLinter};
use crate::{Baseline, Layout, LintContext, Migration, MigrationSet, Wrapping};

/// The migrations of an example, and how many were applied long before.
fn read(example: &str) -> (MigrationSet, usize) {
    let mut migrations: Vec<Migration> = Vec::new();
    let mut earlier = 0;
    for part in example.split("-- ").filter(|part| !part.is_empty()) {
        let (title, sql) = part.split_once('\n').unwrap_or((part, ""));
        earlier += usize::from(title == "earlier:");
        let wrapping = match title {
            "this migration, outside a transaction:" => Wrapping::None,
            _ => Wrapping::Transaction,
        };
        migrations.push(Migration { wrapping, ..Migration::new(format!("{}.sql", migrations.len()), sql) });
    }
    (MigrationSet::new(Layout::Plain, migrations), earlier)
}

fn findings(example: &str) -> Vec<Finding> {
    let (set, earlier) = read(example);
    let context = LintContext {
        baseline: Baseline::From(earlier),
        least: Level::Note,
        today: jiff::civil::date(2026, 1, 1),
        ..LintContext::default()
    };
    PostgresLinter::new().lint(&set, &context).files.into_iter().flat_map(|file| file.findings).collect()
}

fn own<'a>(rule: &Rule, findings: &'a [Finding]) -> Vec<&'a Finding> {
    findings.iter().filter(|finding| finding.rule == rule.id).collect()
}

fn looked_at() -> impl Iterator<Item = &'static Rule> {
    RULES.iter().copied().filter(|rule| !matches!(rule.check, Check::Elsewhere))
}

#[test]
fn what_is_bad_is_seen() {
    let missed: Vec<_> = looked_at().filter(|rule| own(rule, &findings(rule.bad)).is_empty()).collect();
    let missed: Vec<_> = missed.iter().map(|rule| rule.id).collect();
    assert!(missed.is_empty(), "not seen in their own bad example: {missed:?}");
}

#[test]
fn what_is_good_is_not_seen() {
    let seen: Vec<_> = looked_at().filter(|rule| !own(rule, &findings(rule.good)).is_empty()).collect();
    let seen: Vec<_> = seen.iter().map(|rule| rule.id).collect();
    assert!(seen.is_empty(), "seen in their own good example: {seen:?}");
}

/// What is well done makes nobody wait and does not fail. It may still break old code: a required column does.
#[test]
fn what_is_good_is_clean() {
    let is_bad = |finding: &Finding| finding.level == Level::Error && !finding.rule.starts_with('C');
    let errors = |rule: &Rule| findings(rule.good).into_iter().filter(is_bad);
    let told: Vec<_> = looked_at()
        .flat_map(|rule| errors(rule).map(|it| format!("{}: {} {}", rule.id, it.rule, it.message)))
        .collect();
    assert!(told.is_empty(), "{}", told.join("\n"));
}

#[test]
fn messages_name_what_they_are_about() {
    let mut all = String::new();
    for rule in looked_at() {
        for finding in own(rule, &findings(rule.bad)) {
            writeln!(all, "{}: {}", rule.id, finding.message).unwrap();
        }
    }
    insta::assert_snapshot!(all, @"");
}

#[test]
fn rewrites_can_be_pasted() {
    let mut all = String::new();
    for rule in looked_at() {
        for rewrite in
            own(rule, &findings(rule.bad)).into_iter().filter_map(|finding| finding.rewrite.as_ref())
        {
            writeln!(all, "## {}\n{rewrite}", rule.id).unwrap();
        }
    }
    insta::assert_snapshot!(all, @"");
}

#[test]
fn ids_and_names_are_each_their_own() {
    let mut ids: Vec<_> = RULES.iter().flat_map(|rule| [rule.id, rule.name]).collect();
    let all = ids.len();
    ids.sort_unstable();
    ids.dedup();
    assert_eq!(ids.len(), all);
}
