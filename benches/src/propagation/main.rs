//! How long it takes until every process reads a flag that `redis-cli SET feature:<flag> false` has switched: ours
//! beside the strategy's cache of 60 s, in one run, on a real Redis.
//!
//! Started by `cargo xtask bench flags-propagation`. The figures decide nothing.
#![expect(clippy::print_stdout, clippy::print_stderr, reason = "a command for people")]

mod clients;
mod raw;
mod readers;
mod strategy;
mod times;

use std::process::ExitCode;
use std::time::Duration;

use clap::Parser;
use handover_testing::Redis;
use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};

use crate::times::Times;

type Failed = Box<dyn std::error::Error + Send + Sync>;

/// Plain SETs by a connection of their own, and when each client reads the new value
#[derive(Debug, Parser)]
#[command(
    name = "flags-propagation",
    bin_name = "cargo xtask bench flags-propagation --",
    max_term_width = 100
)]
struct Args {
    /// How often the flag is switched, for each number of clients
    #[arg(long, default_value_t = 200, value_name = "N", value_parser = clap::value_parser!(u32).range(1..))]
    rounds: u32,
    /// How many clients there are, each with a connection of its own: one figure for each number
    #[arg(long, value_delimiter = ',', default_values_t = [1, 10, 100, 1_000], value_name = "N,N")]
    clients: Vec<usize>,
    /// How long the strategy's cache keeps a value, in seconds; 0 leaves it out
    #[arg(long, default_value_t = 60, value_name = "SECONDS")]
    strategy_ttl: u64,
}

#[tokio::main]
async fn main() -> ExitCode {
    match measured(&Args::parse()).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}

async fn measured(args: &Args) -> Result<(), Failed> {
    allow_many_files()?;
    let redis = Redis::start().ok_or("there is no redis-server")?;
    println!(
        "{:<34} {:>9} {:>9} {:>9}   {:>9} {:>9} {:>9}",
        "", "each, p50", "p99", "max", "all, p50", "p99", "max"
    );
    for clients in &args.clients {
        let times = clients::measured(&redis, *clients, args.rounds).await?;
        row(&format!("{clients} clients"), &times);
    }
    if args.strategy_ttl > 0 {
        let ttl = Duration::from_secs(args.strategy_ttl);
        eprintln!("the strategy's cache takes {ttl:?}, once");
        row(&format!("100 caches of {ttl:?} (the strategy)"), &strategy::measured(&redis, ttl).await?);
    }
    Ok(())
}

fn row(name: &str, times: &Times) {
    let [p50, p99, max] = times.of_each();
    let [all_p50, all_p99, all_max] = times.of_all();
    println!("{name:<34} {p50:>9} {p99:>9} {max:>9}   {all_p50:>9} {all_p99:>9} {all_max:>9}");
}

/// A connection each, and as many again for the server's side of them.
fn allow_many_files() -> Result<(), Failed> {
    let most = getrlimit(Resource::Nofile).maximum;
    Ok(setrlimit(Resource::Nofile, Rlimit { current: most, maximum: most })?)
}
