//! A sample of the fault schedules, and the judge held to his word; the soak `flags` runs ten thousand.

#![expect(clippy::print_stdout, reason = "figures are shown with --nocapture")]

mod judged;
mod mutants;

use std::time::Duration;

use tokio::runtime::Runtime;

use crate::schedules::{Bend, Figures, Rig, Settings, run};

const SETTINGS: Settings =
    Settings { heartbeat: Duration::from_millis(100), guard: Duration::from_secs(30), bend: Bend::Straight };

/// How many rigs work at a time, and how many schedules each of them has.
const RIGS: u64 = 4;
const EACH: u64 = 10;

fn runtime() -> Runtime {
    tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap()
}

/// One more seed, where `HANDOVER_FLAGS_SEED` says one.
fn seed() -> Option<u64> {
    std::env::var("HANDOVER_FLAGS_SEED").ok().map(|seed| seed.parse().unwrap())
}

/// A rig's schedules, one after the other.
fn work(runtime: &Runtime, seeds: &[u64]) -> Figures {
    let mut figures = Figures::default();
    let Some(mut rig) = Rig::start(runtime.handle(), SETTINGS) else { return figures };
    for seed in seeds {
        figures.add(run(&mut rig, *seed).unwrap_or_else(|broken| panic!("{broken}")));
    }
    figures
}

#[test]
fn nothing_wrong_is_served_whatever_happens_to_redis() {
    let runtime = runtime();
    let mut seeds: Vec<Vec<u64>> = (0..RIGS).map(|rig| (rig * EACH..(rig + 1) * EACH).collect()).collect();
    seeds[0].extend(seed());
    let mut all = Figures::default();
    std::thread::scope(|scope| {
        let rigs: Vec<_> = seeds.iter().map(|seeds| scope.spawn(|| work(&runtime, seeds))).collect();
        for rig in rigs {
            all.add(rig.join().unwrap());
        }
    });
    println!("{} schedules, {} writes, {} reads judged", all.schedules, all.writes, all.reads);
    println!(
        "longest until all was right {:?}, longest read {:?}",
        all.right.iter().max(),
        all.longest.iter().max()
    );
    let left = || (runtime.metrics().num_alive_tasks() == 0).then_some(());
    handover_testing::until("every task has ended with its rig", left);
}
