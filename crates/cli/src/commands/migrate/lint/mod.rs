//! `handover migrate lint`: what migrations would do to a database that is in use.

mod diff;
mod edits;
mod look;
mod mend;
mod rooted;
mod shown;

use handover_migrate_guard::{Level, Report};

use crate::args::{FailLevel, Format, LintMigrations};
use crate::context::Context;
use crate::exit::Exit;
use crate::migrate::{BaseWish, Wishes};
use crate::report::Failure;

/// Judges the migrations.
pub(super) async fn run(args: &LintMigrations, context: &Context) -> Result<Exit, Failure> {
    let format = format(args, context)?;
    let settings = context.migrate_settings()?;
    let wishes = Wishes::typed(args, settings.as_ref(), &context.folder);
    let least = least(args.level);
    if args.fix {
        refuse_to_guess(&wishes)?;
    }
    if args.history_table.is_some() && !matches!(wishes.base, BaseWish::AppliedFrom { .. }) {
        return Err(Failure::new("could not look at `--history-table`", Exit::Usage)
            .because("no database is asked")
            .hint("`--applied-from env:DATABASE_URL` says which"));
    }
    let mut looked = look::look(&wishes, least, context).await?;
    if args.fix && args.dry_run {
        mend::show(&looked, format, context)?;
        return Ok(exit(&looked.report));
    }
    if args.fix && mend::mend(&looked, context)? {
        looked = look::look(&wishes, least, context).await?;
    }
    looked.say(context);
    let exit = exit(&looked.report);
    let report = rooted::rooted(looked.report, &looked.based, format, &context.folder);
    shown::show(&report, format, args.output.as_deref(), context)?;
    Ok(exit)
}

/// `--json` is another word for `--format json`.
fn format(args: &LintMigrations, context: &Context) -> Result<Format, Failure> {
    match (args.format, context.output.json) {
        (None, true) | (Some(Format::Json), _) => Ok(Format::Json),
        (None, false) => Ok(Format::Text),
        (Some(format), false) => Ok(format),
        (Some(_), true) => Err(Failure::new("could not tell how to show it", Exit::Usage)
            .because("`--json` and `--format` ask for two different forms")
            .hint("leave one of the two out")),
    }
}

/// What is applied must not be edited, so it has to be known.
fn refuse_to_guess(wishes: &Wishes) -> Result<(), Failure> {
    if wishes.base != BaseWish::Nothing {
        return Ok(());
    }
    Err(Failure::new("could not edit migrations", Exit::Usage)
        .because("nothing says which of them are applied, and one that is applied must stay as it is")
        .hint("`--since origin/main`, or `--applied-from env:DATABASE_URL`"))
}

const fn least(level: FailLevel) -> Level {
    match level {
        FailLevel::Error => Level::Error,
        FailLevel::Warning => Level::Warning,
        FailLevel::Note => Level::Note,
    }
}

/// What stands for a file that was not judged, whatever else was found.
const UNREAD: [&str; 3] = ["S01", "S02", "S03"];

/// Whatever is in a report is of the level that was asked for.
fn exit(report: &Report) -> Exit {
    if report.problems.iter().any(|(_, finding)| UNREAD.contains(&finding.rule)) {
        return Exit::Usage;
    }
    let clean = report.problems.is_empty() && report.files.iter().all(|file| file.findings.is_empty());
    if clean { Exit::Done } else { Exit::Refused }
}
