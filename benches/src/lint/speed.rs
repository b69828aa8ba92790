//! Throughput on real migrations, beside squawk's.

use std::path::Path;
use std::time::Duration;

use handover_migrate_guard::{
    Layout, LintContext, Migration, MigrationLinter as _, MigrationSet, PostgresLinter, statements,
};

use crate::Failed;
use crate::corpus::{Text, migrations, regress};
use crate::cpu::{median, of_thread};
use crate::squawk::{Squawk, TIMES};

pub(crate) fn print(squawk: Option<&Path>, rounds: u16) -> Result<(), Failed> {
    println!(
        "{:<34} {:>9} {:>12} {:>12} {:>8}",
        "MB/s of CPU time, one thread", "MB", "squawk", "handover", "ratio"
    );
    row("migrations of the corpora", &migrations()?, squawk, rounds)?;
    row("PostgreSQL's regression tests", &regress()?, squawk, rounds)?;
    if squawk.is_none() {
        println!("squawk is not there: nothing to compare with");
    }
    Ok(())
}

fn row(name: &str, texts: &[Text], squawk: Option<&Path>, rounds: u16) -> Result<(), Failed> {
    if texts.is_empty() {
        return Ok(());
    }
    let paths = texts.iter().map(|text| text.path.clone()).collect();
    let squawk = squawk.map(|program| Squawk::new(program, paths));
    let set = set(texts);
    let (mut theirs, mut ours, mut front) = (Vec::new(), Vec::new(), Vec::new());
    for _ in 0..rounds {
        if let Some(squawk) = &squawk {
            theirs.push(squawk.once()?);
        }
        ours.push(timed(|| drop(PostgresLinter::new().lint(&set, &LintContext::default()))));
        front.push(timed(|| set.migrations.iter().for_each(|migration| drop(statements(&migration.sql)))));
    }
    let bytes = texts.iter().map(|text| text.sql.len()).sum();
    show(name, bytes, squawk.map(|_| median(theirs)), median(ours));
    println!("  of that, the front end alone {:>41.1}", rate(bytes, median(front)));
    Ok(())
}

/// Each file by itself, as squawk sees it.
fn set(texts: &[Text]) -> MigrationSet {
    let migrations = texts.iter().map(|text| Migration::new(text.path.to_string_lossy(), &text.sql[..]));
    MigrationSet::new(Layout::Plain, migrations.collect())
}

/// What doing it once takes, of as many times in a row as squawk gets each file.
fn timed(work: impl Fn()) -> Duration {
    let before = of_thread();
    (0..TIMES).for_each(|_| work());
    of_thread().saturating_sub(before) / TIMES
}

fn show(name: &str, bytes: usize, theirs: Option<Duration>, ours: Duration) {
    let ours = rate(bytes, ours);
    let theirs = theirs.map(|time| rate(bytes, time));
    let shown = theirs.map_or_else(|| "-".to_owned(), |rate| format!("{rate:.1}"));
    let ratio = theirs.map_or_else(|| "-".to_owned(), |theirs| format!("{:.1}x", ours / theirs));
    println!("{name:<34} {:>9.2} {shown:>12} {ours:>12.1} {ratio:>8}", megabytes(bytes));
}

fn rate(bytes: usize, time: Duration) -> f64 {
    megabytes(bytes) / time.as_secs_f64()
}

#[expect(clippy::cast_precision_loss, reason = "a size that is shown")]
fn megabytes(bytes: usize) -> f64 {
    bytes as f64 / 1e6
}
