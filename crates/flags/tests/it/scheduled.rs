//! A sample of the fault schedules; the soak `flags` runs ten thousand.

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

/// One more seed: as `HANDOVER_FLAGS_SEED` says, or any.
fn seed() -> u64 {
    std::env::var("HANDOVER_FLAGS_SEED").map_or_else(|_| fastrand::u64(..), |seed| seed.parse().unwrap())
}

#[test]
fn nothing_wrong_is_served_whatever_happens_to_redis() {
    let (runtime, own) = (runtime(), seed());
    let work = |rig: u64| {
        let mut seeds: Vec<_> = (rig * EACH..(rig + 1) * EACH).collect();
        seeds.extend((rig == 0).then_some(own));
        let mut figures = Figures::default();
        let Some(mut rig) = Rig::start(runtime.handle(), SETTINGS) else { return figures };
        for seed in seeds {
            figures.add(run(&mut rig, seed).unwrap_or_else(|broken| panic!("{broken}")));
        }
        figures
    };
    let mut all = Figures::default();
    std::thread::scope(|scope| {
        let rigs: Vec<_> = (0..RIGS).map(|rig| scope.spawn(move || work(rig))).collect();
        rigs.into_iter().for_each(|rig| all.add(rig.join().unwrap()));
    });
    println!("{all:#?}");
}
