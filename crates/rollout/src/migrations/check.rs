use std::path::PathBuf;

use handover_migrate_guard::{Finding, Level, LintContext, MigrationLinter, MigrationSet, Report};

use super::{Accept, FindingLine, MigrationCheck};

/// Migrations of which some are not applied, as whoever plans found them.
#[derive(Debug, Clone)]
pub struct PendingMigrations {
    /// All of them.
    pub set: MigrationSet,
    /// What a verdict depends on: also which of them are one release, and so not applied.
    pub context: LintContext,
    /// What says so, in words.
    pub base: String,
    /// Where they are kept.
    pub folder: PathBuf,
}

/// Judges what is pending.
///
/// A rule's own acceptance goes before one that is for all; a finding that neither speaks of is refused.
pub fn check_migrations(
    linter: &dyn MigrationLinter,
    linter_name: &str,
    pending: &[PendingMigrations],
    fingerprint: String,
    accepts: &[Accept],
) -> MigrationCheck {
    let reports: Vec<_> = pending.iter().map(|pending| linter.lint(&pending.set, &pending.context)).collect();
    let mut findings: Vec<_> = reports.iter().flat_map(lines).collect();
    let count = |level| findings.iter().filter(|finding| finding.level == level).count();
    let (errors, warnings, notes) = (count(Level::Error), count(Level::Warning), count(Level::Note));
    findings.retain(|finding| finding.level == Level::Error);
    let accepted = take_accepted(accepts, &mut findings);
    let mut bases: Vec<_> = pending.iter().map(|pending| pending.base.as_str()).collect();
    bases.dedup();
    MigrationCheck {
        linter: linter_name.to_owned(),
        base: bases.join("; "),
        pending: reports.iter().map(|report| report.files.len()).sum(),
        errors,
        warnings,
        notes,
        refused: findings,
        accepted,
        folders: pending.iter().map(|pending| pending.folder.clone()).collect(),
        fingerprint,
    }
}

/// Takes what is accepted out of `findings`.
fn take_accepted(accepts: &[Accept], findings: &mut Vec<FindingLine>) -> Vec<super::Acceptance> {
    let of_rules = accepts.iter().filter(|accept| accept.rule.is_some());
    let of_all = accepts.iter().filter(|accept| accept.rule.is_none());
    let mut accepted = Vec::new();
    for accept in of_rules.chain(of_all) {
        let (theirs, others) = findings.drain(..).partition(|finding| accept.covers(finding));
        *findings = others;
        accepted.push(accept.of(theirs));
    }
    accepted.retain(|acceptance| !acceptance.findings.is_empty());
    accepted
}

/// Everything that was found, those about the whole first.
fn lines(report: &Report) -> impl Iterator<Item = FindingLine> {
    let of_set = report.problems.iter().map(|(path, finding)| line(path, None, finding));
    let of_files = report.files.iter().flat_map(|file| {
        file.findings.iter().map(|finding| line(&file.path, line_of(&file.text, finding), finding))
    });
    of_set.chain(of_files)
}

fn line(path: &str, line: Option<usize>, finding: &Finding) -> FindingLine {
    FindingLine {
        rule: finding.rule.to_owned(),
        name: finding.name.to_owned(),
        level: finding.level,
        path: path.to_owned(),
        line,
        message: finding.message.clone(),
    }
}

/// The line on which a finding begins.
fn line_of(text: &str, finding: &Finding) -> Option<usize> {
    Some(text.get(..finding.span.start)?.split('\n').count())
}
