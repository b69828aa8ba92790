//! The migration linter's speed and memory beside squawk's, and what broken SQL does to it.
//!
//! Started by `cargo xtask bench lint` and `cargo xtask soak lint`. The figures decide nothing; a panic does.
#![expect(clippy::print_stdout, clippy::print_stderr, reason = "a command for people")]

mod child;
mod corpus;
mod cpu;
mod extremes;
mod fuzz;
mod history;
mod memory;
mod speed;
mod squawk;

use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Parser, Subcommand};

/// What linting costs: throughput beside squawk, a long history, memory, inputs that nobody should write
#[derive(Debug, Parser)]
#[command(name = "lint", bin_name = "cargo xtask bench lint --", max_term_width = 100)]
struct Cli {
    #[command(subcommand)]
    part: Option<Part>,
    /// squawk's program; without it there is nothing to compare with
    #[arg(long, value_name = "FILE")]
    squawk: Option<PathBuf>,
    /// How often each is measured
    #[arg(long, default_value_t = 9, value_name = "N", value_parser = clap::value_parser!(u16).range(1..))]
    rounds: u16,
}

#[derive(Debug, Subcommand)]
enum Part {
    /// Mutated SQL, as much of it as is asked for: never a panic, never a hang
    #[command(name = "lint")]
    Fuzz(fuzz::Args),
    /// A part of it, in a process that may die
    #[command(hide = true)]
    FuzzRange(fuzz::RangeArgs),
    /// One measurement in a process of its own
    #[command(hide = true)]
    Child(child::Args),
}

/// As in the program that is measured.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

type Failed = Box<dyn std::error::Error + Send + Sync>;

fn main() -> ExitCode {
    let cli = Cli::parse();
    let outcome = match &cli.part {
        Some(Part::Fuzz(args)) => fuzz::run(args),
        Some(Part::FuzzRange(args)) => fuzz::run_range(args),
        Some(Part::Child(args)) => child::run(args),
        None => bench(&cli),
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(why) => {
            eprintln!("error: {why}");
            ExitCode::FAILURE
        }
    }
}

fn bench(cli: &Cli) -> Result<(), Failed> {
    speed::print(cli.squawk.as_deref(), cli.rounds)?;
    history::print(cli.rounds);
    memory::print()?;
    extremes::print();
    Ok(())
}
