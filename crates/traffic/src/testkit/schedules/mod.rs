//! Fault schedules: random calls, struck by random mishaps, over any subject.
//!
//! The ten points ask each promise one question in a clear situation. Here the situations are not clear: changes with
//! good and bad fences, planned on good and stale revisions, repeated, given up half-way, lost, overtaken, between
//! drains and users' requests. After each call it must be known where traffic is: as the answer says, or, where
//! there was none, as `observe` says, and never anywhere but between where it was and where it was asked to go. Users
//! must always get a release that has weight, and at the end the way back must be open.
//!
//! Mishaps strike the way to the switcher; where [`Subject::strike`] can, also the way from the switcher to what it
//! moves. Where [`Subject::weighed`] can, the weights are read past the switcher each time: never are all of them zero.
//!
//! What a schedule cannot see, it leaves to the points: paths without answers (5), what is sent before a refusal (4),
//! and whether a drain waits out a long limit (9).

mod check;
mod dice;
mod verdict;
mod world;

use self::verdict::Failure;
pub use self::verdict::{Tally, Verdict};
use self::world::World;
use super::{Outcome, Subject};

/// How many acts one schedule has.
const ACTS: usize = 10;

/// Runs one fault schedule per seed, one after the other on the same subject, until one breaks something.
///
/// The same seed makes the same schedule for the same capabilities. Each begins and ends with all traffic on one
/// slot. Where fencing is claimed, fences rise. Bounded by [`Subject::patience`] per call, on real or paused time.
///
/// # Examples
///
/// ```
/// # use handover_traffic::InMemory;
/// # use handover_traffic::testkit::schedules;
/// # #[tokio::main(flavor = "current_thread", start_paused = true)]
/// # async fn main() {
/// let verdict = schedules(&InMemory::new(), 0..100).await;
/// assert!(verdict.is_sound(), "{verdict}");
/// # }
/// ```
pub async fn schedules(subject: &dyn Subject, seeds: impl IntoIterator<Item = u64> + Send) -> Verdict {
    let mut verdict = Verdict::default();
    let seeds: Vec<u64> = seeds.into_iter().collect();
    for seed in seeds {
        let mut acts = Vec::new();
        if let Err(how) = schedule(subject, seed, &mut verdict.tally, &mut acts).await {
            verdict.failure = Some(Failure { seed, how: shown(how), acts });
            return verdict;
        }
        verdict.schedules += 1;
    }
    verdict
}

async fn schedule(
    subject: &dyn Subject,
    seed: u64,
    tally: &mut Tally,
    acts: &mut Vec<String>,
) -> Result<(), Outcome> {
    let foreign = subject.foreign().await;
    let looks = looks_at(subject).await;
    let mut world = World::begin(subject, seed).await?;
    for _ in 0..ACTS {
        let done = world.act(acts).await;
        done?;
    }
    world.end(acts).await?;
    *tally = tally.and(world.tally());
    tally.looks += looks_at(subject).await - looks;
    if subject.foreign().await != foreign {
        return Err(Outcome::Broken("what belongs to others has changed".into()));
    }
    Ok(())
}

/// How often the weights were read past the switcher so far.
async fn looks_at(subject: &dyn Subject) -> u64 {
    subject.weighed().await.unwrap_or_default().looks
}

impl Tally {
    const fn and(self, more: Self) -> Self {
        Self {
            made: self.made + more.made,
            refused: self.refused + more.refused,
            unknown: self.unknown + more.unknown,
            struck: self.struck + more.struck,
            looks: self.looks + more.looks,
        }
    }
}

fn shown(outcome: Outcome) -> String {
    match outcome {
        Outcome::Broken(how) => how,
        other => other.to_string(),
    }
}
