//! What a health endpoint costs, and what it costs its dependencies: ours beside the usual ways, in one run, on a real
//! PostgreSQL and a real Redis.
//!
//! Started by `cargo xtask bench health`. The figures decide nothing.
#![expect(clippy::print_stdout, clippy::print_stderr, reason = "a command for people")]

mod cost;
mod counts;
mod frozen;
mod rolling;
mod storm;
mod strategy;
mod table;
mod ways;

use std::process::ExitCode;

use clap::{Parser, Subcommand};
use handover_testing::{Postgres, PostgresSettings, Redis};
use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};

use crate::counts::Counted;
use crate::table::Row;
use crate::ways::{Dependencies, Way};

/// The health endpoint beside a plain route, a check per request and a cache
#[derive(Debug, Parser)]
#[command(name = "health", bin_name = "cargo xtask bench health --", max_term_width = 100)]
struct Cli {
    #[command(subcommand)]
    part: Option<Part>,
    #[command(flatten)]
    args: Args,
}

#[derive(Debug, Subcommand)]
enum Part {
    Rolling(rolling::Args),
    /// A replica of the rolling restart
    #[command(hide = true)]
    Strategy,
}

/// How much is measured.
#[derive(Debug, clap::Args)]
struct Args {
    /// How many answers are asked for at a time, each over a connection that is kept
    #[arg(long, default_value_t = 1_000, value_name = "N", value_parser = clap::value_parser!(u16).range(1..))]
    connections: u16,
    /// How many answers are asked for in all
    #[arg(long, default_value_t = 10_000, value_name = "N", value_parser = clap::value_parser!(u32).range(1..))]
    requests: u32,
    /// How often each way has its turn when its CPU time is measured
    #[arg(long, default_value_t = 15, value_name = "N", value_parser = clap::value_parser!(u16).range(1..))]
    rounds: u16,
}

type Failed = Box<dyn std::error::Error + Send + Sync>;

#[tokio::main]
async fn main() -> ExitCode {
    match run(&Cli::parse()).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(why) => {
            eprintln!("error: {why}");
            ExitCode::FAILURE
        }
    }
}

async fn run(cli: &Cli) -> Result<(), Failed> {
    match &cli.part {
        Some(Part::Rolling(args)) => rolling::run(args).await,
        Some(Part::Strategy) => strategy::serve().await,
        None => bench(&cli.args).await,
    }
}

/// Both ends of each connection are here, so a thousand of them need more files than a shell usually allows.
fn allow_many_files() -> Result<(), Failed> {
    let most = getrlimit(Resource::Nofile).maximum;
    Ok(setrlimit(Resource::Nofile, Rlimit { current: most, maximum: most })?)
}

async fn bench(args: &Args) -> Result<(), Failed> {
    allow_many_files()?;
    let settings = PostgresSettings { log_statements: true, ..PostgresSettings::default() };
    let postgres = Postgres::start_with(settings).ok_or("PostgreSQL is not installed")?;
    let redis = Redis::start().ok_or("Redis is not installed")?;
    let dependencies = Dependencies { postgres: postgres.url(), redis: redis.url() };
    let mut rows = Vec::new();
    for way in Way::ALL {
        eprintln!("{} ...", way.name());
        rows.push(row(way, &dependencies, &Counted { postgres: &postgres, redis: &redis }, args).await?);
    }
    let costs = cost::of_a_request(&dependencies, args.rounds).await?;
    println!("{}", table::Table { rows: &rows, costs: &costs, args });
    Ok(())
}

async fn row(
    way: Way,
    dependencies: &Dependencies,
    servers: &Counted<'_>,
    args: &Args,
) -> Result<Row, Failed> {
    let served = way.serve(dependencies).await?;
    let before = servers.calls();
    let stormed = storm::storm(served.addr, args).await;
    let calls = servers.calls().since(before);
    let frozen = frozen::answers(served.addr, servers).await;
    Ok(Row { way, calls, stormed, frozen })
}
