//! The promises, as checks.

use super::{Outcome, samples};
use crate::{
    Baseline, Class, FileReport, Finding, Level, LintContext, MigrationLinter, MigrationSet, Report, Span,
};

fn context() -> LintContext {
    LintContext { least: Level::Note, ..LintContext::default() }
}

fn sets() -> [MigrationSet; 3] {
    [samples::history(), samples::strange(), samples::broken()]
}

fn findings(report: &Report) -> impl Iterator<Item = &Finding> {
    report.files.iter().flat_map(|file| &file.findings)
}

/// Point 1: the same set and context give the same report.
pub fn says_the_same_again(linter: &dyn MigrationLinter) -> Outcome {
    let twice = |set: &MigrationSet| [(); 2].map(|()| format!("{:?}", linter.lint(set, &context())));
    let differs = sets().iter().map(twice).any(|[first, second]| first != second);
    Outcome::of(!differs, || "another report for the same set".to_owned())
}

/// Point 2: one entry for each migration that is judged, in the set's order; none for one that is applied.
pub fn answers_for_every_file(linter: &dyn MigrationLinter) -> Outcome {
    let set = samples::history();
    for first in 0..=set.migrations.len() {
        let context = LintContext { baseline: Baseline::From(first), ..context() };
        let report = linter.lint(&set, &context);
        let told: Vec<_> = report.files.iter().map(|file| &file.path).collect();
        let wanted: Vec<_> = set.migrations.iter().skip(first).map(|migration| &migration.path).collect();
        if told != wanted {
            return Outcome::Broken(format!("asked about {wanted:?}, it speaks of {told:?}"));
        }
    }
    Outcome::Held
}

/// Point 3: what could not be understood is a finding, and hides nothing that follows it.
pub fn hides_nothing(linter: &dyn MigrationLinter) -> Outcome {
    let set = samples::broken();
    let report = linter.lint(&set, &context());
    let Some(file) = report.files.get(1) else {
        return Outcome::Broken("the broken file is not there".to_owned());
    };
    let text = &set.migrations[1].text;
    let index = text.find("CREATE INDEX").unwrap_or_default();
    let told = file.findings.iter().any(|finding| finding.span.start < index);
    let next = file.statements.iter().any(|it| it.span.start == index && it.class == Class::Long);
    Outcome::of(told && next, || format!("told of the broken statement: {told}; of the next: {next}"))
}

/// Point 4: spans lie within their file's text, on character boundaries.
pub fn shows_real_places(linter: &dyn MigrationLinter) -> Outcome {
    for set in sets() {
        for file in &linter.lint(&set, &context()).files {
            if let Some(span) = spans(file).find(|span| file.text.get(span.start..span.end).is_none()) {
                return Outcome::Broken(format!("{}: {span:?} is no place in it", file.path));
            }
        }
    }
    Outcome::Held
}

fn spans(file: &FileReport) -> impl Iterator<Item = Span> {
    let findings =
        file.findings.iter().flat_map(|it| std::iter::once(it.span).chain(it.also.iter().copied()));
    findings.chain(file.statements.iter().map(|it| it.span))
}

/// Point 5: any text has a report.
pub fn never_fails(linter: &dyn MigrationLinter) -> Outcome {
    let set = samples::strange();
    let report = linter.lint(&set, &context());
    Outcome::of(report.files.len() == set.migrations.len(), || "files are missing from the report".to_owned())
}

/// Point 6: a rule that is off says nothing, and nothing is said below the least level.
pub fn keeps_the_settings(linter: &dyn MigrationLinter) -> Outcome {
    let set = samples::history();
    let all = linter.lint(&set, &context());
    let Some(some) = findings(&all).find(|finding| finding.level == Level::Error) else {
        return Outcome::Broken("nothing is said of a dangerous history".to_owned());
    };
    let mut without = context();
    without.levels.insert(some.rule.to_owned(), Level::Off);
    if findings(&linter.lint(&set, &without)).any(|finding| finding.rule == some.rule) {
        return Outcome::Broken(format!("{} is off and speaks", some.rule));
    }
    let errors = LintContext { least: Level::Error, ..context() };
    let low = linter.lint(&set, &errors);
    Outcome::of(findings(&low).all(|it| it.level == Level::Error), || {
        "it speaks below the least level".to_owned()
    })
}

/// Point 7: the class of a statement follows from its claims.
pub fn judges_by_its_claims(linter: &dyn MigrationLinter) -> Outcome {
    for set in sets() {
        for statement in linter.lint(&set, &context()).files.iter().flat_map(|file| &file.statements) {
            let wanted = Class::of(&statement.claims);
            if statement.class != wanted {
                return Outcome::Broken(format!(
                    "line {} is {:?}, its claims say {wanted:?}",
                    statement.line, statement.class
                ));
            }
        }
    }
    Outcome::Held
}
