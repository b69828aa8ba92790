use std::collections::VecDeque;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Instant;

use handover_traffic::testkit::{Subject, schedules};

use super::sum::Sum;
use crate::backends::Backend;
use crate::block_on;

/// At most so many schedules, then a fresh copy: what a stand-in keeps makes it slower with each.
const HANDFUL: usize = 10;

/// After so many broken schedules there is enough to think about.
const ENOUGH: usize = 3;

/// What the copies of one backend share.
struct Shared {
    seeds: VecDeque<u64>,
    /// How many are taken at once.
    handful: usize,
    sum: Sum,
}

fn lock(shared: &Mutex<Shared>) -> MutexGuard<'_, Shared> {
    shared.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Runs the schedules of all seeds on copies of one backend, each on a thread and a runtime of its own: some rigs wait for
/// other programs without leaving their thread.
pub(super) fn run(backend: &Backend, seeds: Vec<u64>, copies: u16) -> Sum {
    let begun = now();
    let handful = seeds.len().div_ceil(usize::from(copies)).min(HANDFUL);
    let shared = Mutex::new(Shared { seeds: seeds.into(), handful, sum: Sum::of(backend.name) });
    std::thread::scope(|scope| {
        let one = || scope.spawn(|| block_on(copy(backend, &shared)));
        let running: Vec<_> = (0..copies).map(|_| one()).collect();
        for ended in running {
            let ended = ended.join().unwrap_or_else(|_| Err("a copy panicked; it said why above".into()));
            if let Err(why) = ended {
                lock(&shared).sum.not_run = Some(why);
            }
        }
    });
    let mut sum = lock(&shared).sum.clone();
    sum.took = begun.elapsed();
    sum
}

#[expect(clippy::disallowed_methods, reason = "how long it really took is what is printed")]
fn now() -> Instant {
    Instant::now()
}

async fn copy(backend: &Backend, shared: &Mutex<Shared>) -> Result<(), String> {
    loop {
        let seeds = lock(shared).handful();
        if seeds.is_empty() {
            return Ok(());
        }
        let subject = (backend.start)().await?;
        go_through(&*subject, seeds, shared).await;
    }
}

/// Up to the first that breaks something: the copy is not to be trusted with the others, which go back.
async fn go_through(subject: &dyn Subject, mut seeds: VecDeque<u64>, shared: &Mutex<Shared>) {
    while let Some(seed) = seeds.pop_front() {
        let verdict = schedules(subject, [seed]).await;
        lock(shared).sum.add(&verdict);
        if !verdict.is_sound() {
            return lock(shared).seeds.extend(seeds);
        }
    }
}

impl Shared {
    fn handful(&mut self) -> VecDeque<u64> {
        let over = self.sum.broken.len() >= ENOUGH || self.sum.not_run.is_some();
        let many = if over { 0 } else { self.handful.min(self.seeds.len()) };
        self.seeds.drain(..many).collect()
    }
}
