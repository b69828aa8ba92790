//! Linters that are wrong in one way each: the test of the kit itself.

use std::sync::atomic::{AtomicUsize, Ordering};

use crate::{Class, LintContext, MigrationLinter, MigrationSet, PostgresLinter, Report, Span};

/// One way to break the contract; everything else about the [`Mutant`] is right.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Flaw {
    /// Turns its findings round every other time. Point 1.
    Wavers,
    /// Says nothing of the last file. Point 2.
    DropsAFile,
    /// Speaks of applied files too. Point 2.
    JudgesApplied,
    /// Begins at the end. Point 2.
    TurnsTheOrder,
    /// Passes over what it cannot read. Point 3.
    Swallows,
    /// Gives up at the first statement that it cannot read. Point 3.
    GivesUp,
    /// Counts characters where bytes are asked. Point 4.
    CountsCharacters,
    /// Has no report for a text that is hard to read. Point 5.
    Refuses,
    /// Speaks for a rule that is off. Point 6.
    OverlooksOff,
    /// Says more than was asked. Point 6.
    Chatters,
    /// Calls everything harmless. Point 7.
    Calms,
}

impl Flaw {
    /// Every flaw.
    pub const ALL: [Self; 11] = [
        Self::Wavers,
        Self::DropsAFile,
        Self::JudgesApplied,
        Self::TurnsTheOrder,
        Self::Swallows,
        Self::GivesUp,
        Self::CountsCharacters,
        Self::Refuses,
        Self::OverlooksOff,
        Self::Chatters,
        Self::Calms,
    ];

    /// The point that must catch it.
    pub const fn breaks(self) -> usize {
        match self {
            Self::Wavers => 1,
            Self::DropsAFile | Self::JudgesApplied | Self::TurnsTheOrder => 2,
            Self::Swallows | Self::GivesUp => 3,
            Self::CountsCharacters => 4,
            Self::Refuses => 5,
            Self::OverlooksOff | Self::Chatters => 6,
            Self::Calms => 7,
        }
    }
}

/// A linter with one flaw.
#[derive(Debug)]
pub struct Mutant {
    flaw: Flaw,
    asked: AtomicUsize,
}

impl Mutant {
    /// The linter with that flaw.
    pub const fn new(flaw: Flaw) -> Self {
        Self { flaw, asked: AtomicUsize::new(0) }
    }

    fn context(&self, context: &LintContext) -> LintContext {
        let mut context = context.clone();
        match self.flaw {
            Flaw::JudgesApplied => context.baseline = crate::Baseline::EachFile,
            Flaw::OverlooksOff => context.levels.clear(),
            Flaw::Chatters => context.least = crate::Level::Note,
            _ => {}
        }
        context
    }

    fn spoil(&self, report: &mut Report) {
        match self.flaw {
            Flaw::Wavers if self.asked.fetch_add(1, Ordering::Relaxed) % 2 == 1 => turn_findings(report),
            Flaw::DropsAFile => drop(report.files.pop()),
            Flaw::TurnsTheOrder => report.files.reverse(),
            Flaw::Swallows => each_file(report, |file| file.findings.retain(|finding| finding.rule != "L20")),
            Flaw::GivesUp => each_file(report, |file| file.statements.truncate(1)),
            Flaw::CountsCharacters => count_characters(report),
            Flaw::Refuses => report.files.retain(|file| !file.text.starts_with("((")),
            Flaw::Calms => each_file(report, |file| {
                for statement in &mut file.statements {
                    statement.class = Class::None;
                }
            }),
            _ => {}
        }
    }
}

impl MigrationLinter for Mutant {
    fn lint(&self, set: &MigrationSet, context: &LintContext) -> Report {
        let mut report = PostgresLinter::new().lint(set, &self.context(context));
        self.spoil(&mut report);
        report
    }
}

fn each_file(report: &mut Report, mut change: impl FnMut(&mut crate::FileReport)) {
    for file in &mut report.files {
        change(file);
    }
}

fn turn_findings(report: &mut Report) {
    each_file(report, |file| file.findings.reverse());
    report.files.reverse();
}

/// Where a character takes several bytes, such a place may lie within one.
fn count_characters(report: &mut Report) {
    each_file(report, |file| {
        let text = file.text.clone();
        let characters = |at: usize| text.get(..at).map_or(at, |before| before.chars().count());
        for statement in &mut file.statements {
            let span = statement.span;
            statement.span = Span::new(characters(span.start), characters(span.end));
        }
    });
}
