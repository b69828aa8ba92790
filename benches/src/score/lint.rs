//! What the linter says of each statement, in the words of the truth.

use std::collections::{BTreeMap, BTreeSet};

use handover_migrate_guard::claim::{Claim, RelationKind};
use handover_migrate_guard::{
    Age, Class, Evidence, FileReport, Finding, Level, LintContext, Lock, MigrationLinter as _, MigrationSet,
    PostgresLinter, StatementReport, TimeZone,
};

use crate::truth;

/// What is said of one file.
#[derive(Debug, Default)]
pub(crate) struct Said {
    pub(crate) statements: Vec<SaidStatement>,
    pub(crate) findings: Vec<SaidFinding>,
}

#[derive(Debug)]
pub(crate) struct SaidStatement {
    pub(crate) start: usize,
    pub(crate) end: usize,
    pub(crate) class: truth::Class,
    /// Of tables that were there before the file.
    pub(crate) claims: BTreeMap<String, SaidClaim>,
    pub(crate) contract: BTreeSet<(String, String)>,
    /// Whether the linter says itself that it may be wrong here.
    pub(crate) assumed: bool,
}

/// What a statement is said to do to one table.
#[derive(Debug)]
pub(crate) struct SaidClaim {
    /// The strongest.
    pub(crate) lock: Lock,
    pub(crate) work: BTreeSet<String>,
}

#[derive(Debug)]
pub(crate) struct SaidFinding {
    pub(crate) rule: &'static str,
    pub(crate) level: Level,
    /// Where it begins, and where else it holds.
    pub(crate) places: Vec<usize>,
    pub(crate) message: String,
}

/// Lints a set as the corpora were run: PostgreSQL 15, in UTC, each file by itself.
pub(crate) fn lint(set: &MigrationSet) -> Vec<Said> {
    let mut context = LintContext::default();
    context.time_zone = TimeZone::Utc;
    PostgresLinter::new().lint(set, &context).files.iter().map(said).collect()
}

fn said(file: &FileReport) -> Said {
    Said {
        statements: file.statements.iter().map(statement).collect(),
        findings: file.findings.iter().map(finding).collect(),
    }
}

fn statement(report: &StatementReport) -> SaidStatement {
    let old: Vec<_> = report.claims.iter().filter(|claim| is_old_table(claim)).collect();
    let changes = report.changes.iter().filter(|change| change.age != Age::File && change.kind.is_contract());
    SaidStatement {
        start: report.span.start,
        end: report.span.end,
        class: class(report.class),
        assumed: old.iter().any(|claim| claim.evidence == Evidence::Assumed),
        claims: claims(&old),
        contract: changes.map(|change| (change.kind.code().to_owned(), change.name.clone())).collect(),
    }
}

fn is_old_table(claim: &Claim) -> bool {
    claim.age != Age::File && matches!(claim.kind, RelationKind::Table | RelationKind::Partitioned)
}

fn claims(old: &[&Claim]) -> BTreeMap<String, SaidClaim> {
    let mut claims = BTreeMap::new();
    for claim in old {
        let fresh = || SaidClaim { lock: claim.lock, work: BTreeSet::new() };
        let merged = claims.entry(claim.relation.to_string()).or_insert_with(fresh);
        merged.lock = claim.lock.max(merged.lock);
        merged.work.extend(claim.work.iter().map(|work| format!("{work:?}").to_lowercase()));
    }
    claims
}

fn class(class: Class) -> truth::Class {
    match class {
        Class::None => truth::Class::None,
        Class::Brief => truth::Class::Brief,
        Class::Long => truth::Class::Long,
    }
}

fn finding(finding: &Finding) -> SaidFinding {
    let places = std::iter::once(&finding.span).chain(&finding.also).map(|span| span.start);
    SaidFinding {
        rule: finding.rule,
        level: finding.level,
        places: places.collect(),
        message: finding.message.clone(),
    }
}
