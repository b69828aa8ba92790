//! What the linter says of each statement: its JSON, as anybody can read it.

use std::collections::{BTreeMap, BTreeSet};

use handover_migrate_guard::{
    LintContext, MigrationLinter as _, MigrationSet, PostgresLinter, TimeZone, report,
};
use jiff::civil::Date;
use serde::Deserialize;

use crate::Failed;
use crate::truth::Class;

/// The kinds of relations that a truth tells of.
const TOLD: [&str; 3] = ["table", "partitioned", "materialized-view"];

/// What is said of one file.
#[derive(Debug, Default, Deserialize)]
pub(crate) struct Said {
    pub(crate) path: String,
    pub(crate) statements: Vec<SaidStatement>,
    pub(crate) findings: Vec<SaidFinding>,
}

#[derive(Debug, Deserialize)]
pub(crate) struct SaidStatement {
    pub(crate) start: usize,
    pub(crate) end: usize,
    pub(crate) class: Class,
    claims: Vec<SaidClaim>,
    pub(crate) contract: BTreeSet<(String, String)>,
}

/// What a statement is said to do to one relation.
#[derive(Debug, Deserialize)]
pub(crate) struct SaidClaim {
    pub(crate) relation: String,
    kind: String,
    pub(crate) lock: String,
    pub(crate) work: BTreeSet<String>,
    evidence: String,
}

#[derive(Debug, Deserialize)]
pub(crate) struct SaidFinding {
    pub(crate) rule: String,
    pub(crate) level: String,
    pub(crate) line: usize,
    start: usize,
    also: Vec<Place>,
    pub(crate) message: String,
}

#[derive(Debug, Deserialize)]
struct Place {
    start: usize,
}

#[derive(Debug, Deserialize)]
struct Report {
    files: Vec<Said>,
}

impl SaidStatement {
    /// Where nothing is claimed.
    pub(crate) fn nothing(start: usize, end: usize) -> Self {
        Self { start, end, class: Class::None, claims: Vec::new(), contract: BTreeSet::new() }
    }

    /// What is claimed of tables: the corpora tell of nothing else.
    pub(crate) fn tables(&self) -> BTreeMap<&str, &SaidClaim> {
        let tables = self.claims.iter().filter(|claim| TOLD.contains(&&claim.kind[..]));
        tables.map(|claim| (&claim.relation[..], claim)).collect()
    }

    /// Every relation with its lock.
    pub(crate) fn locks(&self) -> BTreeSet<(&str, &str)> {
        self.claims.iter().map(|claim| (&claim.relation[..], &claim.lock[..])).collect()
    }

    /// Whether the linter says itself that it may be wrong here.
    pub(crate) fn is_assumed(&self) -> bool {
        self.claims.iter().any(|claim| claim.evidence == "assumed")
    }
}

impl SaidFinding {
    /// Where it begins, and where else it holds.
    pub(crate) fn places(&self) -> impl Iterator<Item = usize> {
        std::iter::once(self.start).chain(self.also.iter().map(|place| place.start))
    }
}

/// Lints a set as its truth was taken: PostgreSQL 15, in UTC, each file by itself, on that day.
pub(crate) fn lint(set: &MigrationSet, day: Date) -> Result<Vec<Said>, Failed> {
    let mut context = LintContext::default();
    context.time_zone = TimeZone::Utc;
    context.today = day;
    let mut json = Vec::new();
    report::json(&PostgresLinter::new().lint(set, &context), &mut json)?;
    Ok(serde_json::from_slice::<Report>(&json)?.files)
}
