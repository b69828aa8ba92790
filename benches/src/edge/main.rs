//! The edge's throughput, latency and CPU per request beside HAProxy, nginx and no proxy at all, in one run.
//!
//! Started by `cargo xtask bench edge`. Every engine is a real process on a port of its own, before one and the same
//! upstream; they take turns in each round, so that whatever else the computer does disturbs all of them. The figures
//! decide nothing.
#![expect(clippy::print_stdout, clippy::print_stderr, reason = "a command for people")]

// The soaks start the built program too.
#[path = "../soak/binary.rs"]
mod binary;
mod cpu;
mod engines;
mod figures;
mod load;
mod rounds;
mod table;
mod upstream;

use std::process::ExitCode;
use std::time::Duration;

use clap::{Parser, Subcommand};

/// The edge beside HAProxy, nginx and a direct connection
#[derive(Debug, Parser)]
#[command(name = "edge", bin_name = "cargo xtask bench edge --", max_term_width = 100)]
struct Cli {
    #[command(subcommand)]
    part: Option<Part>,
    #[command(flatten)]
    args: Args,
}

#[derive(Debug, Subcommand)]
enum Part {
    /// Answers every request with the same few bytes, at the port that `$PORT` names; the release behind the engines
    #[command(hide = true)]
    Upstream,
}

/// How much is measured.
#[derive(Debug, clap::Args)]
struct Args {
    /// How often each engine has its turn
    #[arg(long, default_value_t = 5, value_name = "N", value_parser = clap::value_parser!(u16).range(1..))]
    rounds: u16,
    /// How long a turn is measured, after a second that is not
    #[arg(long, default_value_t = 3, value_name = "N", value_parser = clap::value_parser!(u64).range(1..))]
    seconds: u64,
    /// How many users ask again as soon as they are answered, each on one connection that is kept
    #[arg(long, default_value_t = 32, value_name = "N", value_parser = clap::value_parser!(u16).range(1..))]
    connections: u16,
    /// Only this engine; can be repeated
    #[arg(long, value_enum, value_name = "ENGINE")]
    only: Vec<engines::Kind>,
}

impl Args {
    const fn turn(&self) -> Duration {
        Duration::from_secs(self.seconds)
    }
}

#[tokio::main]
async fn main() -> ExitCode {
    let cli = Cli::parse();
    // What the bench has started is stopped when its future is dropped.
    let ran = tokio::select! {
        ran = run(&cli) => ran,
        _ = tokio::signal::ctrl_c() => Err("interrupted".into()),
    };
    match ran {
        Ok(()) => ExitCode::SUCCESS,
        Err(why) => {
            eprintln!("error: {why}");
            ExitCode::FAILURE
        }
    }
}

async fn run(cli: &Cli) -> Result<(), String> {
    match cli.part {
        Some(Part::Upstream) => upstream::serve().await,
        None => bench(&cli.args).await,
    }
}

async fn bench(args: &Args) -> Result<(), String> {
    let engines = engines::start(&args.only).await?;
    let figures = rounds::measure(&engines, args).await?;
    println!("{}", table::Table { engines: &engines.all, figures: &figures, args });
    Ok(())
}
