//! Mutated SQL: each input is made from its number, so what broke something can be made again.

mod check;
mod mutate;
mod range;
mod seeds;

use std::path::PathBuf;
use std::sync::atomic::{AtomicU64, Ordering};
use std::thread;

use tokio::time::Instant;

use crate::Failed;
use range::{Ended, Range};
use seeds::Seeds;

/// Inputs that one process is given.
const CHUNK: u64 = 20_000;

/// After how many inputs it says how far it is.
const STEP: u64 = 500_000;

/// Mutated SQL, as much of it as is asked for
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// How many inputs
    #[arg(long, default_value_t = 1_000_000, value_name = "N")]
    inputs: u64,
    /// From which number on
    #[arg(long, default_value_t = 0, value_name = "N")]
    from: u64,
    /// How many processes at a time; the cores, unless given
    #[arg(long, value_name = "N")]
    jobs: Option<usize>,
    /// Where inputs are written that broke something
    #[arg(long, default_value = "target/fuzz-lint", value_name = "FOLDER")]
    out: PathBuf,
}

#[derive(Debug, clap::Args)]
pub(crate) struct RangeArgs {
    #[arg(long)]
    from: u64,
    #[arg(long)]
    to: u64,
    /// Says the number of each input before it is tried
    #[arg(long)]
    trace: bool,
}

/// What was found by now.
#[derive(Debug, Default)]
struct Found {
    tried: AtomicU64,
    broken: AtomicU64,
}

impl Found {
    /// So many more were tried; says how far it is, now and then.
    fn count(&self, tried: u64) {
        let before = self.tried.fetch_add(tried, Ordering::Relaxed);
        let after = before + tried;
        if before / STEP != after / STEP {
            eprintln!("{after} inputs so far");
        }
    }
}

pub(crate) fn run(args: &Args) -> Result<(), Failed> {
    let seeds = Seeds::read()?;
    let begun = Instant::now();
    let (next, found) = (AtomicU64::new(args.from), Found::default());
    let jobs = args.jobs.unwrap_or_else(|| thread::available_parallelism().map_or(1, usize::from));
    println!("{} inputs from {} seeds, {jobs} at a time", args.inputs, seeds.len());
    thread::scope(|scope| {
        for _ in 0..jobs {
            scope.spawn(|| work(args, &seeds, &next, &found));
        }
    });
    let (tried, broken) = (found.tried.into_inner(), found.broken.into_inner());
    let seconds = begun.elapsed().as_secs_f64();
    println!(
        "{tried} inputs in {seconds:.0} s, {:.0} a second; {broken} broke something",
        rate(tried, seconds)
    );
    if broken == 0 { Ok(()) } else { Err(format!("see {}", args.out.display()).into()) }
}

/// Takes one range after another, each in a process of its own.
fn work(args: &Args, seeds: &Seeds, next: &AtomicU64, found: &Found) {
    let end = args.from + args.inputs;
    loop {
        let mut range = Range { from: next.fetch_add(CHUNK, Ordering::Relaxed), to: end };
        range.to = end.min(range.from + CHUNK);
        if range.from >= end {
            return;
        }
        while range.from < range.to {
            let Ended { tried, broke } = range.run();
            found.count(tried);
            let Some((number, how)) = broke else { break };
            found.broken.fetch_add(1, Ordering::Relaxed);
            keep(args, number, &how, &seeds.input(number));
            range.from = number + 1;
        }
    }
}

fn keep(args: &Args, number: u64, how: &str, input: &str) {
    let file = args.out.join(format!("{number}.sql"));
    let kept = std::fs::create_dir_all(&args.out).and_then(|()| std::fs::write(&file, input));
    let kept = kept.map_or_else(|why| why.to_string(), |()| file.display().to_string());
    eprintln!("input {number}: {how}: {kept}");
}

pub(crate) fn run_range(args: &RangeArgs) -> Result<(), Failed> {
    let seeds = Seeds::read()?;
    for number in args.from..args.to {
        if args.trace {
            println!("{number}");
        }
        let input = seeds.input(number);
        check::check(&input).map_err(|why| format!("{number} {why}"))?;
    }
    Ok(())
}

#[expect(clippy::cast_precision_loss, reason = "a rate that is shown")]
fn rate(inputs: u64, seconds: f64) -> f64 {
    inputs as f64 / seconds
}
