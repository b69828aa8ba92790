//! A service with two slots, as far as a rollout can tell.

use std::sync::{Arc, Mutex, MutexGuard};
use std::time::Duration;

use async_trait::async_trait;
use handover_core::{BySlot, Fence, OpId, ReleaseId, RunId, Slot};
use handover_monitor::source::Answer;
use handover_monitor::{ArmWindow, Histogram, Pairs, WindowPair};
use handover_rollout::{
    AnalysisKind, Front, HookCall, HookEnd, HookRunner, Hooks, JudgeSpec, Kind, Launcher, Occupant, OnNoData,
    Plan, ProbeAnswer, SmokeSpec, Stage, WindowSource, World, WorldError,
};
use handover_traffic::{InMemory, Split, TrafficSwitcher as _, TrafficSwitcherExt as _};

/// How the simulated candidate behaves.
#[derive(Debug, Clone)]
#[expect(clippy::struct_excessive_bools, reason = "each is a fault of its own")]
pub(crate) struct Candidate {
    pub(crate) becomes_ready: bool,
    /// Once not ready, the launcher gives it up.
    pub(crate) fails_to_start: bool,
    pub(crate) passes_smoke: bool,
    /// Of 100 requests, this many fail.
    pub(crate) failures: u64,
    /// Requests per window; 0 is silence.
    pub(crate) requests: u64,
    pub(crate) latency: Duration,
    /// How often its processes ended by themselves.
    pub(crate) crashes: u32,
    /// Whether probes are answered by another release, although the split is the candidate's.
    pub(crate) misrouted: bool,
}

impl Default for Candidate {
    fn default() -> Self {
        Self {
            becomes_ready: true,
            fails_to_start: true,
            passes_smoke: true,
            failures: 0,
            requests: 20,
            latency: Duration::from_millis(5),
            crashes: 0,
            misrouted: false,
        }
    }
}

#[derive(Debug, Default)]
struct State {
    slots: BySlot<Option<ReleaseId>>,
    stable: Option<(Slot, ReleaseId)>,
    stable_down: bool,
    epoch: Option<(RunId, Slot)>,
    windows: Vec<WindowPair>,
    launches: Vec<(RunId, Slot, ReleaseId)>,
    hooks: Vec<(String, HookEnd)>,
    failing_hook: Option<&'static str>,
}

/// The simulated world with its switches.
#[derive(Debug, Clone)]
pub(crate) struct Sim {
    pub(crate) traffic: Arc<InMemory>,
    candidate: Arc<Mutex<Candidate>>,
    stable_failures: u64,
    state: Arc<Mutex<State>>,
}

impl Sim {
    /// v1 is stable in blue with all the traffic.
    pub(crate) async fn with_stable(candidate: Candidate) -> Self {
        let sim = Self::empty(candidate);
        sim.traffic.shift_to(Split::ALL_BLUE, OpId::new("set-up")).await.unwrap();
        let mut state = sim.state();
        state.slots.blue = Some(release("v1"));
        state.stable = Some((Slot::Blue, release("v1")));
        drop(state);
        sim
    }

    /// Nothing was ever deployed.
    pub(crate) fn empty(candidate: Candidate) -> Self {
        Self {
            traffic: Arc::new(InMemory::new()),
            candidate: Arc::new(Mutex::new(candidate)),
            stable_failures: 0,
            state: Arc::default(),
        }
    }

    pub(crate) fn with_stable_failures(mut self, of_100: u64) -> Self {
        self.stable_failures = of_100;
        self
    }

    pub(crate) fn with_failing_hook(self, name: &'static str) -> Self {
        self.state().failing_hook = Some(name);
        self
    }

    pub(crate) fn retain(&self, slot: Slot, name: &str) {
        self.state().slots[slot] = Some(release(name));
    }

    pub(crate) fn stable_goes_down(&self) {
        self.state().stable_down = true;
    }

    pub(crate) fn candidate_becomes(&self, candidate: Candidate) {
        *self.candidate.lock().unwrap() = candidate;
    }

    pub(crate) fn world(&self) -> World {
        World {
            traffic: self.traffic.clone(),
            launcher: Arc::new(self.clone()),
            windows: Arc::new(self.clone()),
            front: Arc::new(self.clone()),
            hooks: Arc::new(self.clone()),
            outlook: None,
            flags: None,
            migrations: None,
        }
    }

    pub(crate) fn slots(&self) -> BySlot<Option<String>> {
        self.state().slots.clone().map(|_, release| release.map(String::from))
    }

    pub(crate) fn stable_release(&self) -> Option<String> {
        self.state().stable.clone().map(|(_, release)| release.into())
    }

    pub(crate) fn launches(&self) -> usize {
        self.state().launches.len()
    }

    pub(crate) fn hooks_run(&self) -> Vec<String> {
        self.state().hooks.iter().map(|(name, _)| name.clone()).collect()
    }

    pub(crate) async fn split(&self) -> Split {
        self.traffic.observe().await.unwrap().route.split
    }

    /// Without waiting: for a closure that compares states.
    pub(crate) fn split_now(&self) -> u16 {
        let observed = futures_now(self.traffic.observe());
        observed.unwrap().route.split.green_bps()
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap()
    }

    fn behaviour(&self) -> Candidate {
        self.candidate.lock().unwrap().clone()
    }
}

#[async_trait]
impl Launcher for Sim {
    async fn look(&self, slot: Slot) -> Result<Option<Occupant>, WorldError> {
        let behaviour = self.behaviour();
        let state = self.state();
        Ok(state.slots[slot].clone().map(|release| {
            let stable = state.stable.as_ref().is_some_and(|(_, name)| *name == release);
            let ready = if stable { !state.stable_down } else { behaviour.becomes_ready };
            let failure = (!stable && !ready && behaviour.fails_to_start)
                .then(|| ("exited with code 3 at once".into(), vec!["boom".into()]));
            let restarts = if stable { 0 } else { behaviour.crashes };
            Occupant { release, ready, restarts, summary: format!("ready: {ready}"), failure }
        }))
    }

    async fn launch(&self, slot: Slot, release: &ReleaseId, run: &RunId, _: Fence) -> Result<(), WorldError> {
        let mut state = self.state();
        if state.slots[slot].as_ref() == Some(release) {
            return Ok(());
        }
        if let Some(other) = &state.slots[slot] {
            return Err(WorldError::refused(format!("{slot} holds release {other}")));
        }
        state.slots[slot] = Some(release.clone());
        state.launches.push((run.clone(), slot, release.clone()));
        Ok(())
    }

    async fn stop(&self, slot: Slot, release: &ReleaseId, _: Fence) -> Result<(), WorldError> {
        if self.split().await.bps(slot) > 0 {
            return Err(WorldError::refused(format!("{slot} has traffic")));
        }
        let mut state = self.state();
        if state.slots[slot].as_ref() == Some(release) {
            state.slots[slot] = None;
        }
        Ok(())
    }

    async fn stable(&self) -> Result<Option<(Slot, ReleaseId)>, WorldError> {
        Ok(self.state().stable.clone())
    }

    async fn settle(&self, slot: Slot, release: &ReleaseId, _: Duration, _: Fence) -> Result<(), WorldError> {
        self.state().stable = Some((slot, release.clone()));
        Ok(())
    }
}

impl WindowSource for Sim {
    fn begin<'a>(&'a self, run: &'a RunId, candidate: Slot, _: Duration) -> Answer<'a, u64> {
        self.state().epoch = Some((run.clone(), candidate));
        Box::pin(async { Ok(1) })
    }

    fn after(&self, seq: Option<u64>, wait: Duration) -> Answer<'_, Pairs> {
        Box::pin(async move { Ok(self.window(seq, wait).await) })
    }
}

impl Sim {
    /// One more window of 100 ms each time somebody waits for one.
    async fn window(&self, seq: Option<u64>, wait: Duration) -> Pairs {
        tokio::time::sleep(wait.min(Duration::from_millis(100))).await;
        let split = self.split().await;
        let behaviour = self.behaviour();
        let stable_failures = self.stable_failures;
        let mut state = self.state();
        let slot = state.epoch.as_ref().map_or(Slot::Green, |(_, slot)| *slot);
        let bps = split.bps(slot);
        let shared = if bps == Split::WHOLE { 0 } else { behaviour.requests };
        let candidate = if bps == 0 { 0 } else { behaviour.requests };
        let next = state.windows.len() as u64;
        // Whoever begins to read gets what there is, as from the agent's ring, before anything new is closed.
        if seq.is_none() && next > 0 {
            return Pairs { epoch: 1, missed: 0, pairs: state.windows.clone() };
        }
        state.windows.push(WindowPair {
            seq: next,
            epoch: 1,
            candidate_bps: bps,
            lasted_ms: 100,
            candidate: arm(candidate, behaviour.failures, behaviour.latency),
            stable: arm(shared, stable_failures, Duration::from_millis(5)),
        });
        let from = seq.map_or(0, |seq| seq + 1);
        let pairs = state.windows.iter().filter(|pair| pair.seq >= from).cloned().collect();
        Pairs { epoch: 1, missed: 0, pairs }
    }
}

fn arm(n: u64, failures_of_100: u64, latency: Duration) -> ArmWindow {
    let mut hist = Histogram::default();
    for _ in 0..n {
        hist.add(latency);
    }
    ArmWindow { n, errors: n * failures_of_100 / 100, over: 0, in_flight_over: 0, hist }
}

#[async_trait]
impl Front for Sim {
    async fn smoke(&self, slot: Slot, test: &SmokeSpec) -> Result<(), WorldError> {
        if self.state().slots[slot].is_none() {
            return Err(WorldError::refused("nobody answered"));
        }
        if self.behaviour().passes_smoke {
            Ok(())
        } else {
            Err(WorldError::refused(format!("{} answered 500, not {}", test.path, test.expect)))
        }
    }

    async fn probe(&self) -> ProbeAnswer {
        let Some(slot) = self.split().await.sole() else { return ProbeAnswer::Nobody("split".into()) };
        let misrouted = self.behaviour().misrouted;
        match self.state().slots[slot].clone() {
            Some(_) if misrouted && slot == Slot::Green => ProbeAnswer::Release(release("v0")),
            Some(release) => ProbeAnswer::Release(release),
            None => ProbeAnswer::Nobody("the edge answered 503".into()),
        }
    }
}

#[async_trait]
impl HookRunner for Sim {
    async fn ended(&self, run: &RunId, hook: &HookCall) -> Result<Option<HookEnd>, WorldError> {
        let key = format!("{run}/{}", hook.name);
        Ok(self.state().hooks.iter().find(|(name, _)| *name == key).map(|(_, end)| end.clone()))
    }

    async fn run(&self, run: &RunId, hook: &HookCall) -> Result<HookEnd, WorldError> {
        let failing = self.state().failing_hook == Some(hook.name);
        let end = HookEnd { code: Some(i32::from(failing)), tail: vec!["no".into()] };
        self.state().hooks.push((format!("{run}/{}", hook.name), end.clone()));
        Ok(end)
    }
}

pub(crate) fn release(name: &str) -> ReleaseId {
    name.parse().unwrap()
}

pub(crate) fn run_id(name: &str) -> RunId {
    name.parse().unwrap()
}

/// 10 %, 50 %, 100 % of v2 in green over v1 in blue.
pub(crate) fn canary() -> Plan {
    let stage = |weight_bps| Stage {
        weight_bps,
        min_time: Duration::from_secs(5),
        min_requests: 100,
        max_time: Duration::from_mins(1),
    };
    Plan { stages: vec![stage(1_000), stage(5_000)], ..blue_green() }
}

/// All at once.
pub(crate) fn blue_green() -> Plan {
    Plan {
        format: Plan::FORMAT,
        service: "shop".parse().unwrap(),
        run: run_id("run-2"),
        kind: Kind::Deploy,
        candidate: release("v2"),
        slot: Slot::Green,
        stable: Some(release("v1")),
        evict: None,
        stages: Vec::new(),
        start_limit: Duration::from_mins(1),
        bake: Duration::from_secs(10),
        retain: Duration::from_hours(24),
        drain: Duration::from_secs(30),
        smoke: vec![SmokeSpec {
            name: "home".into(),
            path: "/".into(),
            method: handover_rollout::SmokeMethod::Get,
            expect: 200,
            timeout: Duration::from_secs(1),
        }],
        views: None,
        flags: Vec::new(),
        flag_store: None,
        migrations: None,
        judge: JudgeSpec {
            analysis: AnalysisKind::Sequential,
            max_error_rate: 0.05,
            max_p95: Duration::from_millis(500),
            max_p95_ratio: 2.0,
            min_requests: 20,
            min_errors: 5,
            error_cluster: 1.0,
            exact_share: true,
            on_no_data: OnNoData::Wait,
        },
        hooks: Hooks { limit: Duration::from_mins(1), ..Hooks::default() },
        by: "operator".into(),
    }
}

/// The result of a future that never waits, as the in-memory switcher's reading does not.
pub(crate) fn futures_now<F: Future>(future: F) -> F::Output {
    let mut future = std::pin::pin!(future);
    let mut context = std::task::Context::from_waker(std::task::Waker::noop());
    match future.as_mut().poll(&mut context) {
        std::task::Poll::Ready(output) => output,
        std::task::Poll::Pending => panic!("reading the in-memory route had to wait"),
    }
}
