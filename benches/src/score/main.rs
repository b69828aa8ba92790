//! The linter held against what PostgreSQL did: precision and recall of its verdicts, and where it claims something else.
//!
//! Started by `cargo xtask score`. The figures decide nothing.
#![expect(clippy::print_stdout, clippy::print_stderr, reason = "a command for people")]

mod agree;
mod compare;
mod first;
mod folder;
mod json;
mod lint;
mod mismatch;
mod project;
mod record;
mod table;
mod tally;
mod truth;

use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Parser, ValueEnum};
use handover_migrate_guard::Layout;
use handover_testing::Postgres;

use crate::compare::Compared;
use crate::project::Project;

/// What the linter claims of real migrations, held against what they did on a real PostgreSQL
///
/// Precision and recall per project, from the corpora whose folder is `corpus/migrations` of `$HANDOVER_SHARED`.
#[derive(Debug, Parser)]
#[command(name = "score", bin_name = "cargo xtask score", max_term_width = 100)]
struct Cli {
    /// Only this project, by its folder's name or a part of it; can be repeated
    #[arg(long, value_name = "NAME")]
    project: Vec<String>,
    /// Score the project that the rules were not made with as well
    #[arg(long)]
    held_out: bool,
    /// The figures as JSON
    #[arg(long)]
    json: bool,
    /// What is listed beside the figures; can be repeated
    #[arg(long, value_name = "WHAT")]
    show: Vec<Show>,
    /// Instead of the corpora, run this folder of migrations on a PostgreSQL and hold the linter against that
    #[arg(long, value_name = "FOLDER")]
    run: Option<PathBuf>,
    /// The layout of that folder, where its files do not tell
    #[arg(long, value_name = "LAYOUT", requires = "run")]
    layout: Option<Layout>,
    /// Where the truth of `--run` is kept: it is read from there if it is, else written there
    #[arg(long, value_name = "FILE", requires = "run")]
    truth: Option<PathBuf>,
    /// Run the corpora again, and compare what is seen with what was written down
    #[arg(long, conflicts_with = "run")]
    rerun: bool,
}

/// What can be listed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Show {
    /// Each statement of which something else is claimed than it did
    Mismatches,
    /// Each finding
    Findings,
}

type Failed = Box<dyn std::error::Error + Send + Sync>;

fn main() -> ExitCode {
    match run(&Cli::parse()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(why) => {
            eprintln!("error: {why}");
            ExitCode::FAILURE
        }
    }
}

fn run(cli: &Cli) -> Result<(), Failed> {
    let projects = match &cli.run {
        Some(folder) => vec![Project::of_folder(folder, cli.layout, cli.truth.as_deref())?],
        None => project::written_down(&cli.project, cli.held_out)?,
    };
    if cli.rerun {
        return rerun(&projects);
    }
    let compared = projects.iter().map(Compared::of).collect::<Result<Vec<_>, _>>()?;
    for (project, compared) in projects.iter().zip(&compared) {
        mismatch::print(project, compared, &cli.show);
    }
    if cli.json {
        println!("{}", json::of(&compared)?);
    } else {
        print!("{}{}", table::of(&compared), first::of(&compared));
    }
    Ok(())
}

pub(crate) fn server() -> Result<Postgres, Failed> {
    Postgres::start().ok_or_else(|| "migrations can only be run where PostgreSQL is installed".into())
}

fn rerun(projects: &[Project]) -> Result<(), Failed> {
    let server = server()?;
    for project in projects {
        println!("{}", project.name);
        let seen = record::record(&server, &project.scripts())?;
        agree::print(&project.truth, &seen);
    }
    Ok(())
}
