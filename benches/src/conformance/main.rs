//! The ten promises of a switcher on every backend: a Markdown table, and a failure where a promise is broken.
//!
//! Started by `cargo xtask conformance`, and by `cargo xtask soak faults` for thousands of fault schedules on the same
//! backends. [`backends`] is the list of them; each is put to the test on its own.
#![expect(clippy::print_stdout, clippy::print_stderr, reason = "a command for people")]

mod backends;
mod edge;
mod edge_path;
mod faults;
mod release;
#[cfg(not(test))]
mod rigs;
mod table;

use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Parser, Subcommand};
use handover_traffic::testkit::report;

use crate::backends::{BACKENDS, Backend};
use crate::table::{Column, Table};

/// The ten promises of a switcher, put to the test on each backend
#[derive(Debug, Parser)]
#[command(name = "conformance", bin_name = "cargo xtask conformance --", max_term_width = 100)]
struct Cli {
    #[command(subcommand)]
    part: Option<Part>,
    /// Only this backend; can be repeated
    #[arg(long, value_name = "NAME")]
    only: Vec<String>,
    /// Writes the table here as well
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
}

/// What this program is to itself, releases that a backend moves traffic between and the shims above them; and another
/// way to put the backends to the test.
#[derive(Debug, Subcommand)]
enum Part {
    #[command(hide = true)]
    Shim {
        folder: PathBuf,
    },
    #[command(hide = true)]
    Release,
    Faults(faults::Args),
}

fn main() -> ExitCode {
    let cli = Cli::parse();
    let ended = match &cli.part {
        Some(Part::Shim { folder }) => return exit(handover_edge::shim_main(folder)),
        Some(Part::Release) => block_on(release::serve()),
        Some(Part::Faults(args)) => faults::run(args),
        None => block_on(examine(&cli)),
    };
    match ended {
        Ok(()) => ExitCode::SUCCESS,
        Err(why) => {
            eprintln!("error: {why}");
            ExitCode::FAILURE
        }
    }
}

fn exit(code: i32) -> ExitCode {
    ExitCode::from(u8::try_from(code).unwrap_or(1))
}

fn block_on(work: impl Future<Output = Result<(), String>>) -> Result<(), String> {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build();
    runtime.map_err(|why| why.to_string())?.block_on(work)
}

async fn examine(cli: &Cli) -> Result<(), String> {
    let mut table = Table::default();
    for backend in BACKENDS.iter().filter(|one| cli.only.is_empty() || cli.only.iter().any(|n| n == one.name))
    {
        eprintln!("{}", backend.name);
        table.columns.push(column(backend).await);
    }
    println!("{table}");
    if let Some(path) = &cli.out {
        std::fs::write(path, table.to_string()).map_err(|why| format!("{}: {why}", path.display()))?;
    }
    match table.broken() {
        0 => Ok(()),
        broken => Err(format!("{broken} promises are broken")),
    }
}

/// Dropped with its subject, a backend is stopped before the next one starts.
async fn column(backend: &Backend) -> Column {
    let found = match (backend.start)().await {
        Ok(subject) => Ok(report(&*subject).await),
        Err(why) => Err(why),
    };
    Column { name: backend.name, found }
}
