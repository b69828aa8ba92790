//! One measurement in a process of its own: what it reads on standard input is linted, and it says what that took.

use std::io::Read as _;
use std::process::{Command, Stdio};
use std::time::Duration;

use handover_migrate_guard::{
    Layout, LintContext, Migration, MigrationLinter as _, MigrationSet, PostgresLinter,
};

use crate::Failed;
use crate::cpu::of_thread;

/// Nothing is asked of it.
#[derive(Debug, clap::Args)]
pub(crate) struct Args;

/// What linting a text took.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Took {
    pub(crate) cpu: Duration,
    /// The most memory at a time, less what there was with the text alone.
    pub(crate) memory: u64,
    pub(crate) statements: usize,
}

/// Lints a text in a process of its own.
pub(crate) fn lint(sql: &str) -> Result<Took, Failed> {
    use std::io::Write as _;
    let mut command = Command::new(std::env::current_exe()?);
    let mut child = command.arg("child").stdin(Stdio::piped()).stdout(Stdio::piped()).spawn()?;
    if let Some(mut input) = child.stdin.take() {
        input.write_all(sql.as_bytes())?;
    }
    let output = child.wait_with_output()?;
    let said = String::from_utf8_lossy(&output.stdout);
    took(&said).ok_or_else(|| format!("linting {} bytes ended with {}", sql.len(), output.status).into())
}

fn took(said: &str) -> Option<Took> {
    let mut numbers = said.split_whitespace().map(|number| number.parse::<u64>().ok());
    Some(Took {
        cpu: Duration::from_micros(numbers.next()??),
        memory: numbers.next()??,
        statements: usize::try_from(numbers.next()??).ok()?,
    })
}

pub(crate) fn run(_args: &Args) -> Result<(), Failed> {
    let mut sql = String::new();
    std::io::stdin().read_to_string(&mut sql)?;
    let set = MigrationSet::new(Layout::Plain, vec![Migration::new("1.sql", sql)]);
    let before = (of_thread(), peak());
    let report = PostgresLinter::new().lint(&set, &LintContext::default());
    let (cpu, memory) = (of_thread().saturating_sub(before.0), peak().saturating_sub(before.1));
    let statements: usize = report.files.iter().map(|file| file.statements.len()).sum();
    println!("{} {memory} {statements}", cpu.as_micros());
    Ok(())
}

/// The most memory this process has had at a time.
fn peak() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    line.and_then(|line| line.trim().strip_suffix(" kB")?.trim().parse::<u64>().ok()).unwrap_or_default()
        * 1_024
}
