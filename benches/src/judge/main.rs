//! Judges under simulated releases: how often a harmless one is taken back, and how soon a bad one is.
//!
//! Started by `cargo xtask soak judge`. The counts of false rollbacks decide whether it holds.
#![expect(clippy::print_stdout, clippy::print_stderr, reason = "a command for people")]

mod rivals;
mod scenario;
mod table;
mod traffic;

use std::process::ExitCode;
use std::sync::atomic::{AtomicU64, Ordering};
use std::thread;

use clap::Parser;

use crate::rivals::NAMES;
use crate::scenario::Scenario;
use crate::table::Row;
use crate::traffic::Traffic;

/// Judges under simulated releases: how often a harmless one is taken back, and how soon a bad one is
///
/// Judges look at every window: of a second for harmless releases, of 25 requests for bad ones. All see the same ones.
#[derive(Debug, Parser)]
#[command(name = "judge", bin_name = "cargo xtask soak judge", max_term_width = 100)]
struct Cli {
    /// Releases in each scenario
    #[arg(long, default_value_t = 400, value_name = "N", value_parser = clap::value_parser!(u64).range(1..))]
    releases: u64,
    /// Only scenarios whose name contains this
    #[arg(long, default_value = "", value_name = "TEXT")]
    only: String,
    /// Where the random numbers begin
    #[arg(long, default_value_t = 1, value_name = "N")]
    seed: u64,
}

/// By judge: at which request it took the release back, where it did.
type Blamed = [Option<u64>; NAMES.len()];

fn main() -> ExitCode {
    let cli = Cli::parse();
    let wanted = |scenarios: Vec<Scenario>| {
        scenarios.into_iter().filter(|scenario| scenario.name.contains(&cli.only)).collect::<Vec<_>>()
    };
    let rows = |scenarios: &[Scenario]| scenarios.iter().map(|one| told(&cli, one)).collect::<Vec<_>>();
    let harmless = rows(&wanted(scenario::harmless()));
    println!("{}", table::harmless(&harmless, cli.releases));
    println!("{}", table::bad(&rows(&wanted(scenario::bad())), cli.releases));
    let broken: Vec<_> =
        harmless.iter().filter(|row| row.too_often(cli.releases)).map(|row| row.name).collect();
    if broken.is_empty() {
        return ExitCode::SUCCESS;
    }
    eprintln!("error: more than 1 % of harmless releases were taken back: {}", broken.join(", "));
    ExitCode::FAILURE
}

fn told(cli: &Cli, scenario: &Scenario) -> Row {
    eprintln!("{}", scenario.name);
    Row::of(scenario, &releases(cli, scenario))
}

/// All releases of a scenario, on all cores.
fn releases(cli: &Cli, scenario: &Scenario) -> Vec<Blamed> {
    let next = AtomicU64::new(0);
    let worker = || {
        let mut mine = Vec::new();
        loop {
            let number = next.fetch_add(1, Ordering::Relaxed);
            if number >= cli.releases {
                return mine;
            }
            mine.push(release(scenario, cli.seed.wrapping_mul(1_000_003).wrapping_add(number)));
        }
    };
    thread::scope(|scope| {
        let cores = thread::available_parallelism().map_or(1, usize::from);
        let workers: Vec<_> = (0..cores).map(|_| scope.spawn(worker)).collect();
        workers.into_iter().flat_map(|worker| worker.join().unwrap_or_default()).collect()
    })
}

fn release(scenario: &Scenario, seed: u64) -> Blamed {
    let mut traffic = Traffic::new(scenario, seed);
    let mut judges = rivals::all().map(|judge| (judge, None));
    while traffic.requests < scenario.requests && judges.iter().any(|(_, blamed)| blamed.is_none()) {
        let pair = traffic.window();
        for (judge, blamed) in judges.iter_mut().filter(|(_, blamed)| blamed.is_none()) {
            if judge.blames(&pair) {
                *blamed = Some(traffic.requests);
            }
        }
    }
    judges.map(|(_, blamed)| blamed)
}
