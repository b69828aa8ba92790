use serde::Serialize;

use crate::claim::Class;
use crate::linter::{Finding, Level, Report};

/// How much there is of everything.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Summary {
    /// Files that were judged.
    pub files: usize,
    /// Their statements.
    pub statements: usize,
    /// Statements for which others wait as long as the work takes.
    pub long: usize,
    /// Statements for which others wait a moment.
    pub brief: usize,
    /// Findings that are errors, those about the set among them.
    pub errors: usize,
    /// Warnings.
    pub warnings: usize,
    /// Notes.
    pub notes: usize,
    /// Findings that a reason was given for.
    pub allowed: usize,
}

impl Summary {
    /// Counts a report.
    pub fn of(report: &Report) -> Self {
        let mut summary = Self { files: report.files.len(), ..Self::default() };
        for statement in report.files.iter().flat_map(|file| &file.statements) {
            summary.statements += 1;
            summary.long += usize::from(statement.class == Class::Long);
            summary.brief += usize::from(statement.class == Class::Brief);
        }
        summary.allowed = report.files.iter().map(|file| file.suppressed.len()).sum();
        findings(report).for_each(|finding| summary.count(finding.level));
        summary
    }

    /// Findings at or above a level.
    pub const fn at_least(&self, level: Level) -> usize {
        match level {
            Level::Error => self.errors,
            Level::Warning => self.errors + self.warnings,
            Level::Note | Level::Off => self.errors + self.warnings + self.notes,
        }
    }

    fn count(&mut self, level: Level) {
        match level {
            Level::Error => self.errors += 1,
            Level::Warning => self.warnings += 1,
            Level::Note => self.notes += 1,
            Level::Off => {}
        }
    }
}

fn findings(report: &Report) -> impl Iterator<Item = &Finding> {
    let files = report.files.iter().flat_map(|file| &file.findings);
    report.problems.iter().map(|(_, finding)| finding).chain(files)
}
