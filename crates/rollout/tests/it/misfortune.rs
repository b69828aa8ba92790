//! Ten thousand runs, each struck by misfortunes of its own: answers lost, changes half made, a driver that dies, a split
//! that somebody else moves, a candidate that fails in some way. However a run ends, it is known how; and no release was
//! ever stopped that had traffic, or whose traffic had not been proven gone and let go on.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::Duration;

use async_trait::async_trait;
use fastrand::Rng;
use handover_core::{BySlot, Fence, ReleaseId, RunId, Slot};
use handover_rollout::{
    Front, Launcher, Occupant, Outcome, Plan, ProbeAnswer, SmokeSpec, World, WorldError, program,
};
use handover_runbook::{Engine, InMemoryLease, Order};
use handover_traffic::layers::{Call, Fault, Mishap};
use handover_traffic::{
    Capabilities, Change, Drained, InMemory, Observed, Split, SwitchError, TrafficSwitcher,
};

use tokio::time::Instant;

use crate::carried_out::Run;
use crate::sim::{Candidate, Sim, blue_green, canary, release};

const SEEDS: u64 = 10_000;
/// As many fresh connections as a proof takes.
const PROBES: u32 = 16;

/// What has been proven of each slot since it last had traffic.
#[derive(Debug, Default)]
struct Proofs {
    /// In a row, answered by another release.
    others: BySlot<u32>,
    drained: BySlot<bool>,
    /// Whether it ever had a share; what never had any has nothing to prove.
    had: BySlot<bool>,
    stops: u32,
    /// When somebody else last moved the split.
    strangers: Option<Instant>,
}

/// So old may be what was read before a stop: the slowest answer takes 20 s, and nobody can see what a stranger does after
/// it was read.
const UNSEEN: Duration = Duration::from_secs(45);

impl Proofs {
    fn a_stranger_was_here(&self) -> bool {
        self.strangers.is_some_and(|at| at.elapsed() < UNSEEN)
    }

    /// From here on everything has to be proven anew for what has a share.
    fn note(&mut self, split: Split) {
        for slot in Slot::BOTH.into_iter().filter(|slot| split.bps(*slot) > 0) {
            self.had[slot] = true;
            (self.others[slot], self.drained[slot]) = (0, false);
        }
    }
}

/// The simulated world, looked over the shoulder of.
#[derive(Debug, Clone)]
struct Watched {
    sim: Sim,
    faults: Arc<Fault<Arc<InMemory>>>,
    proofs: Arc<Mutex<Proofs>>,
}

impl Watched {
    fn proofs(&self) -> MutexGuard<'_, Proofs> {
        self.proofs.lock().unwrap()
    }

    fn world(&self) -> World {
        World {
            traffic: Arc::new(self.clone()),
            launcher: Arc::new(self.clone()),
            front: Arc::new(self.clone()),
            ..self.sim.world()
        }
    }

    async fn note_truth(&self) {
        let truth = self.sim.split().await;
        self.proofs().note(truth);
    }
}

#[async_trait]
impl TrafficSwitcher for Watched {
    fn capabilities(&self) -> Capabilities {
        self.faults.capabilities()
    }

    async fn observe(&self) -> Result<Observed, SwitchError> {
        let seen = self.faults.observe().await;
        self.note_truth().await;
        seen
    }

    async fn apply(&self, change: &Change) -> Result<Observed, SwitchError> {
        let made = self.faults.apply(change).await;
        self.note_truth().await;
        made
    }

    async fn drain(&self, slot: Slot, limit: Duration) -> Result<Drained, SwitchError> {
        let drained = self.faults.drain(slot, limit).await;
        self.note_truth().await;
        self.proofs().drained[slot] |= drained.is_ok();
        drained
    }
}

#[async_trait]
impl Launcher for Watched {
    async fn look(&self, slot: Slot) -> Result<Option<Occupant>, WorldError> {
        self.sim.look(slot).await
    }

    async fn launch(
        &self,
        slot: Slot,
        release: &ReleaseId,
        run: &RunId,
        fence: Fence,
    ) -> Result<(), WorldError> {
        self.sim.launch(slot, release, run, fence).await
    }

    async fn stop(&self, slot: Slot, release: &ReleaseId, fence: Fence) -> Result<(), WorldError> {
        self.note_truth().await;
        let share = self.sim.split().await.bps(slot);
        {
            let mut proofs = self.proofs();
            let unseen = proofs.a_stranger_was_here();
            assert!(share == 0 || unseen, "{release} was stopped with traffic: {share}");
            let proven = proofs.others[slot] >= PROBES && proofs.drained[slot];
            assert!(proven || unseen || !proofs.had[slot], "{release} was stopped unproven: {proofs:?}");
            proofs.stops += 1;
        }
        self.sim.stop(slot, release, fence).await
    }

    async fn stable(&self) -> Result<Option<(Slot, ReleaseId)>, WorldError> {
        self.sim.stable().await
    }

    async fn settle(
        &self,
        slot: Slot,
        release: &ReleaseId,
        keep: Duration,
        fence: Fence,
    ) -> Result<(), WorldError> {
        self.sim.settle(slot, release, keep, fence).await
    }
}

#[async_trait]
impl Front for Watched {
    async fn smoke(&self, slot: Slot, test: &SmokeSpec) -> Result<(), WorldError> {
        self.sim.smoke(slot, test).await
    }

    async fn probe(&self) -> ProbeAnswer {
        let answer = self.sim.probe().await;
        let slots = self.sim.slots();
        let mut proofs = self.proofs();
        for slot in Slot::BOTH {
            let by_other = matches!(&answer, ProbeAnswer::Release(name) if Some(name.as_str()) != slots[slot].as_deref());
            proofs.others[slot] = if by_other { proofs.others[slot] + 1 } else { 0 };
        }
        answer
    }
}

fn mishap(rng: &mut Rng) -> Mishap {
    let while_ = Duration::from_millis(rng.u64(1..20_000));
    match rng.u8(0..10) {
        0 => Mishap::LostAck,
        1 => Mishap::LostRequest,
        2 => Mishap::ResetBefore,
        3 => Mishap::ResetAfter,
        4 => Mishap::Reorder,
        5 => Mishap::Delay(while_),
        6 => Mishap::LateAck(while_),
        7 => Mishap::Partial,
        8 => Mishap::Refused,
        _ => Mishap::Throttled(while_),
    }
}

fn candidate(rng: &mut Rng) -> Candidate {
    let mut candidate = Candidate::default();
    match rng.u8(0..12) {
        0 => candidate.becomes_ready = false,
        1 => candidate.passes_smoke = false,
        2 | 3 => candidate.failures = 30,
        4 => candidate.latency = Duration::from_secs(1),
        5 => candidate.crashes = 3,
        6 => candidate.misrouted = true,
        _ => {}
    }
    candidate
}

struct Misfortune {
    rng: Rng,
    run: Run,
    world: Watched,
    lease: Arc<InMemoryLease>,
}

impl Misfortune {
    async fn new(seed: u64) -> Self {
        let mut rng = Rng::with_seed(seed);
        let sim = Sim::with_stable(candidate(&mut rng)).await;
        let mut plan = if rng.bool() { canary() } else { blue_green() };
        if rng.bool() {
            sim.retain(Slot::Green, "v0");
            plan = Plan { evict: Some(release("v0")), ..plan };
        }
        let faults = Arc::new(Fault::new(Arc::clone(&sim.traffic)));
        for call in [Call::Observe, Call::Apply, Call::Drain] {
            let some = rng.usize(0..4);
            // Among calls that pass, as far as a delay of nothing is one.
            let script = (0..some).flat_map(|_| {
                let passed = vec![Mishap::Delay(Duration::ZERO); rng.usize(0..6)];
                passed.into_iter().chain([mishap(&mut rng)]).collect::<Vec<_>>()
            });
            faults.script(call, script.collect::<Vec<_>>());
        }
        let world = Watched { sim, faults, proofs: Arc::default() };
        // What an earlier run left warm had traffic once.
        world.proofs().had = BySlot { blue: true, green: plan.evict.is_some() };
        Self { rng, run: Run::sealed(plan).await, world, lease: Arc::new(InMemoryLease::new("driver")) }
    }

    async fn drive(&self) {
        let journal = self.run.journal.clone();
        let engine = Engine::new(journal.clone(), self.lease.clone(), journal);
        // What stops a driver is not what ends a run: the next one goes on.
        let _ = engine.run(&self.run.plan.run, &program(&self.run.plan, &self.world.world())).await;
    }

    /// Drivers come until the run has ended; some of them die, and somebody else may move the split meanwhile.
    async fn carried_out(mut self) -> (Outcome, u32) {
        if self.rng.u8(0..4) == 0 {
            let (sim, after) = (self.world.sim.clone(), Duration::from_millis(self.rng.u64(0..60_000)));
            let split = Split::from_green_bps(self.rng.u16(0..=100) * 100).unwrap();
            let world = self.world.clone();
            tokio::spawn(async move {
                tokio::time::sleep(after).await;
                sim.traffic.move_from_outside(split);
                world.proofs().strangers = Some(Instant::now());
                world.note_truth().await;
            });
        }
        for _ in 0..self.rng.u8(0..3) {
            let lives = Duration::from_millis(self.rng.u64(0..30_000));
            let _ = tokio::time::timeout(lives, self.drive()).await;
        }
        for _ in 0..10 {
            let _ = tokio::time::timeout(Duration::from_mins(5), self.drive()).await;
            let outcome = self.run.outcome().await;
            if outcome != Outcome::Unfinished {
                self.is_known(outcome).await;
                return (outcome, self.world.proofs().stops);
            }
            // It waits for a person, who comes by and by.
            self.run.order(Order::TurnBack { verb: "abort".into(), reason: None }).await;
            tokio::time::sleep(Duration::from_secs(30)).await;
        }
        self.is_known(Outcome::Unfinished).await;
        (Outcome::Unfinished, self.world.proofs().stops)
    }

    /// Whoever has traffic is there to answer.
    async fn is_known(&self, outcome: Outcome) {
        let (split, slots) = (self.world.sim.split().await, self.world.sim.slots());
        for slot in Slot::BOTH.into_iter().filter(|slot| split.bps(*slot) > 0) {
            assert!(slots[slot].is_some(), "{outcome:?}: {split}, and nothing runs in {slot}");
        }
        if outcome == Outcome::Promoted {
            assert_eq!(self.world.sim.stable_release().as_deref(), Some("v2"));
        }
    }
}

/// How the runs of these seeds ended.
async fn struck(seeds: std::ops::Range<u64>) -> BTreeMap<String, u64> {
    let (mut ended, mut stops) = (BTreeMap::<String, u64>::new(), 0);
    for seed in seeds {
        let misfortune = Misfortune::new(seed).await;
        let carried_out = tokio::spawn(misfortune.carried_out()).await;
        let (outcome, stopped) = carried_out.unwrap_or_else(|_| panic!("seed {seed}"));
        *ended.entry(format!("{outcome:?}")).or_default() += 1;
        stops += u64::from(stopped);
    }
    ended.insert("stops".to_owned(), stops);
    ended
}

fn assert_varied(ended: &BTreeMap<String, u64>) {
    for outcome in ["Promoted", "RolledBack", "Refused", "stops"] {
        assert!(ended[outcome] > SEEDS / 20, "{ended:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn however_a_run_is_struck_nothing_is_stopped_unproven_and_its_end_is_known() {
    assert_varied(&struck(0..SEEDS / 2).await);
}

#[tokio::test(start_paused = true)]
async fn nor_is_it_in_as_many_more_runs() {
    assert_varied(&struck(SEEDS / 2..SEEDS).await);
}
