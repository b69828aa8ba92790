//! Reading, finding out what is applied, judging.

use handover_migrate_guard::{
    Baseline, Level, LintContext, MigrationLinter as _, ProblemKind, Report, TimeZone,
};

use crate::context::Context;
use crate::migrate::{Based, Wishes, apply, find, linter};
use crate::output::many;
use crate::report::Failure;
use crate::text::one_line;

/// From so many files on a person may wait for long enough to wonder.
const MANY: usize = 500;

/// What was judged, and what came of it.
pub(super) struct Looked {
    /// What was judged, folder by folder.
    pub(super) based: Vec<Based>,
    /// All that was found.
    pub(super) report: Report,
    /// What a person should know beside it.
    notes: Vec<String>,
}

/// Judges what is wished for.
pub(super) async fn look(wishes: &Wishes, least: Level, context: &Context) -> Result<Looked, Failure> {
    let based = apply(find(wishes, &context.folder)?, &wishes.base, &context.folder).await?;
    let mut looked = Looked { based: Vec::new(), report: Report::default(), notes: Vec::new() };
    for based in based {
        let judged_by = wishes.context(least, &based)?;
        looked.notes.push(of_set(&based, &judged_by));
        looked.notes.extend(based.notes.iter().cloned());
        looked.notes.extend(passed_over(&based, least));
        let report = judged(&based, &judged_by, context);
        looked.add(report, based);
    }
    Ok(looked)
}

fn judged(based: &Based, judged_by: &LintContext, context: &Context) -> Report {
    let set = &based.found.set;
    if set.migrations.len() >= MANY {
        context.output.passing(format!("judging {}", many(set.migrations.len(), "migration")));
    }
    let report = linter::linter().lint(set, judged_by);
    context.output.passing("");
    report
}

impl Looked {
    fn add(&mut self, mut report: Report, based: Based) {
        if let Some(only) = &based.found.only {
            report.files.retain(|file| only.contains(&file.path));
            report.problems.retain(|(path, _)| only.contains(path));
        }
        self.report.layout = self.report.layout.or(report.layout);
        self.report.files.append(&mut report.files);
        self.report.problems.append(&mut report.problems);
        self.based.push(based);
    }

    /// Says what was looked at, beside the result.
    pub(super) fn say(&self, context: &Context) {
        self.notes.iter().for_each(|note| context.output.note(one_line(note)));
    }
}

/// How a folder was understood.
fn of_set(based: &Based, judged_by: &LintContext) -> String {
    let (set, words) = (&based.found.set, &based.words);
    let (applied, pending) = based.counts();
    let counts = match judged_by.baseline {
        Baseline::EachFile => format!("{}, {words}", many(pending, "migration")),
        Baseline::From(_) => format!("{} applied ({words}), {} pending", many(applied, "migration"), pending),
    };
    format!("{}: {} ({}); {counts}; {}", based.found.shown, set.layout, set.reason, server(judged_by))
}

/// What stands among the migrations and was not judged, where the report does not say it.
fn passed_over(based: &Based, least: Level) -> Option<String> {
    let passed_over =
        |kind: &ProblemKind| matches!(kind, ProblemKind::Skipped(_) | ProblemKind::NotSql { .. });
    let count = based.found.set.problems.iter().filter(|problem| passed_over(&problem.kind)).count();
    (count > 0 && least > Level::Note).then(|| {
        format!(
            "{}: {} that the runner passes over or that no SQL is in: `--level note` says more",
            based.found.shown,
            many(count, "place")
        )
    })
}

fn server(judged_by: &LintContext) -> String {
    let zone = match judged_by.time_zone {
        TimeZone::Utc => "UTC",
        TimeZone::Other => "a time zone that is not UTC",
        TimeZone::Unknown => "a time zone that is not known",
    };
    format!("for PostgreSQL {} in {zone}", judged_by.pg)
}
