//! Who may act on the service: one holder at a time, each with a higher fence than the one before.
//!
//! The fence is on disk before it is handed out. When a lease was last renewed is not: an agent that was restarted
//! gives the holder one time to live of grace. Time is monotonic; a wall clock that jumps ends no lease.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use handover_core::{Clock, Fence};

use crate::api::{LeaseRequest, LeaseView};
use crate::denied::Denied;
use crate::process::ProcessId;
use crate::state::{AgentState, StateStore, StoredLease};

/// Keeps the service's lease.
#[derive(Debug)]
pub(crate) struct LeaseKeeper {
    ttl: Duration,
    clock: Arc<dyn Clock>,
    state: Arc<StateStore>,
    /// When a holder last gave a sign of life, on `clock`.
    heard: Mutex<Duration>,
}

impl LeaseKeeper {
    /// Keeps the lease in `state`; whoever holds it there has one time to live from now.
    pub(crate) fn new(ttl: Duration, clock: Arc<dyn Clock>, state: Arc<StateStore>) -> Self {
        let heard = Mutex::new(clock.now());
        Self { ttl, clock, state, heard }
    }

    /// The lease in force.
    pub(crate) fn current(&self) -> Option<LeaseView> {
        let lease = self.state.get().lease.clone()?;
        (!self.left().is_zero()).then(|| self.view(&lease))
    }

    /// How long no holder has given a sign of life.
    pub(crate) fn silent_for(&self) -> Duration {
        self.clock.now().saturating_sub(*self.heard.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// Whether the time to live has passed without a sign of life.
    pub(crate) fn is_silent(&self) -> bool {
        self.left().is_zero()
    }

    /// Somebody who will hold the lease soon has a time to live from now.
    pub(crate) fn expect_holder(&self) {
        *self.heard.lock().unwrap_or_else(PoisonError::into_inner) = self.clock.now();
    }

    /// Grants the lease where it is free, its holder dead or silent, or where it is to be taken over.
    pub(crate) async fn acquire(&self, request: LeaseRequest) -> Result<LeaseView, Denied> {
        let current = self.current();
        let since = self.clock.wall();
        let granted = self.state.change(move |state| {
            refuse_living_holder(state, current, &request)?;
            let fence = state.highest_fence().next();
            state.fence = fence;
            let process = ProcessId::of(request.pid);
            let lease = StoredLease { holder: request.holder, pid: request.pid, process, fence, since };
            state.lease = Some(lease.clone());
            Ok::<_, Denied>(lease)
        });
        let lease = granted.await?;
        self.expect_holder();
        Ok(self.view(&lease))
    }

    /// Another time to live for the holder.
    pub(crate) fn renew(&self, held: &LeaseView) -> Result<LeaseView, Denied> {
        let state = self.state.get();
        match &state.lease {
            Some(lease) if is_held_by(lease, held) => {
                self.expect_holder();
                Ok(self.view(lease))
            }
            _ => Err(Denied::fenced(held.fence, state.highest_fence().max(held.fence.next()))),
        }
    }

    /// Frees the lease; one that was lost already is no error.
    pub(crate) async fn release(&self, held: LeaseView) -> Result<(), Denied> {
        self.state
            .change(move |state| {
                state.lease.take_if(|lease| is_held_by(lease, &held));
                Ok::<_, Denied>(())
            })
            .await?;
        self.expect_holder();
        Ok(())
    }

    fn left(&self) -> Duration {
        self.ttl.saturating_sub(self.silent_for())
    }

    fn view(&self, lease: &StoredLease) -> LeaseView {
        let millis = |time: Duration| u64::try_from(time.as_millis()).unwrap_or(u64::MAX);
        LeaseView {
            holder: lease.holder.clone(),
            pid: lease.pid,
            fence: lease.fence,
            since: lease.since,
            ttl_ms: millis(self.ttl),
            left_ms: millis(self.left()),
        }
    }
}

/// Takes the lease away from whoever holds it, and makes every fence handed out too low.
pub(crate) fn raise_fence(state: &mut AgentState) -> Fence {
    state.fence = state.highest_fence().next();
    state.lease = None;
    state.fence
}

fn refuse_living_holder(
    state: &AgentState,
    current: Option<LeaseView>,
    request: &LeaseRequest,
) -> Result<(), Denied> {
    let Some(stored) = &state.lease else { return Ok(()) };
    let dead = stored.process.is_some_and(|process| !process.is_alive());
    match current {
        Some(held) if !dead && !request.take_over && stored.holder != request.holder => {
            let run = state.run.as_ref().map(|run| run.request.run.clone());
            let message = format!("{} (process {}) holds the lease", held.holder, held.pid);
            let since = held.since;
            Err(Denied::held(message, Some(held), run, since))
        }
        _ => Ok(()),
    }
}

fn is_held_by(lease: &StoredLease, held: &LeaseView) -> bool {
    lease.holder == held.holder && lease.fence == held.fence
}

#[cfg(test)]
mod tests {
    use handover_core::ManualClock;
    use proptest::prelude::*;

    use super::*;
    use crate::api::ApiErrorKind;

    const TTL: Duration = Duration::from_secs(15);
    const NEARLY: Duration = Duration::from_millis(14_999);

    struct Bench {
        dir: tempfile::TempDir,
        clock: Arc<ManualClock>,
        keeper: LeaseKeeper,
    }

    impl Bench {
        fn new() -> Self {
            let dir = tempfile::tempdir().unwrap();
            let clock = Arc::new(ManualClock::new());
            let keeper = Self::keeper(&dir, &clock);
            Self { dir, clock, keeper }
        }

        fn keeper(dir: &tempfile::TempDir, clock: &Arc<ManualClock>) -> LeaseKeeper {
            let state = StateStore::open(dir.path(), &"shop".parse().unwrap(), false).unwrap();
            LeaseKeeper::new(TTL, clock.clone(), Arc::new(state))
        }

        /// The agent killed and started again.
        fn restart(&mut self) {
            self.keeper = Self::keeper(&self.dir, &self.clock);
        }

        async fn acquire(&self, holder: &str) -> Result<LeaseView, Denied> {
            self.ask(holder, std::process::id(), false).await
        }

        async fn ask(&self, holder: &str, pid: u32, take_over: bool) -> Result<LeaseView, Denied> {
            self.keeper.acquire(LeaseRequest { holder: holder.into(), pid, take_over }).await
        }
    }

    fn kind(denied: Denied) -> ApiErrorKind {
        denied.into_inner().kind
    }

    #[tokio::test]
    async fn a_living_holder_keeps_the_lease_and_is_named() {
        let bench = Bench::new();
        let first = bench.acquire("first").await.unwrap();
        let denied = bench.acquire("second").await.unwrap_err();
        let ApiErrorKind::Held { lease, .. } = kind(denied) else { panic!("not held") };
        assert_eq!(lease.map(|l| l.fence), Some(first.fence));
        assert!(bench.keeper.renew(&first).is_ok());
    }

    #[tokio::test]
    async fn a_lease_not_renewed_is_free_after_its_time_to_live_and_not_before() {
        let bench = Bench::new();
        let first = bench.acquire("first").await.unwrap();
        bench.clock.advance(NEARLY);
        assert!(bench.acquire("second").await.is_err());
        bench.keeper.renew(&first).unwrap();
        bench.clock.advance(NEARLY);
        assert!(bench.acquire("second").await.is_err());
        bench.clock.advance(Duration::from_millis(1));
        let second = bench.acquire("second").await.unwrap();
        assert!(second.fence > first.fence);
        let late = kind(bench.keeper.renew(&first).unwrap_err());
        assert_eq!(late, ApiErrorKind::Fenced { offered: first.fence, seen: second.fence });
    }

    #[tokio::test]
    async fn a_dead_holder_is_taken_over_at_once() {
        let bench = Bench::new();
        let mut child = std::process::Command::new("sleep").arg("60").spawn().unwrap();
        let first = bench.ask("first", child.id(), false).await.unwrap();
        assert!(bench.acquire("second").await.is_err());
        child.kill().unwrap();
        child.wait().unwrap();
        assert!(bench.acquire("second").await.unwrap().fence > first.fence);
    }

    #[tokio::test]
    async fn a_person_can_take_it_from_a_living_holder() {
        let bench = Bench::new();
        let first = bench.acquire("first").await.unwrap();
        let second = bench.ask("second", std::process::id(), true).await.unwrap();
        assert!(second.fence > first.fence);
        assert!(bench.keeper.renew(&first).is_err());
        // Giving back what was lost already frees nothing.
        bench.keeper.release(first).await.unwrap();
        assert_eq!(bench.keeper.current().map(|l| l.fence), Some(second.fence));
    }

    #[tokio::test]
    async fn a_restarted_agent_gives_the_holder_one_time_to_live() {
        let mut bench = Bench::new();
        let first = bench.acquire("first").await.unwrap();
        bench.clock.advance(NEARLY);
        bench.restart();
        bench.clock.advance(NEARLY);
        assert_eq!(bench.keeper.current().map(|l| l.fence), Some(first.fence));
        assert!(bench.keeper.renew(&first).is_ok());
        bench.clock.advance(TTL);
        assert_eq!(bench.keeper.current(), None);
    }

    #[derive(Debug, Clone)]
    enum Step {
        Acquire(u8),
        TakeOver(u8),
        Release,
        Wait(u8),
        Restart,
        Raise,
    }

    fn step() -> impl Strategy<Value = Step> {
        prop_oneof![
            (0..3_u8).prop_map(Step::Acquire),
            (0..3_u8).prop_map(Step::TakeOver),
            Just(Step::Release),
            (0..20_u8).prop_map(Step::Wait),
            Just(Step::Restart),
            Just(Step::Raise),
        ]
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(24))]
        #[test]
        fn no_fence_is_ever_handed_out_twice(steps in prop::collection::vec(step(), 1..25)) {
            let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
            let mut bench = Bench::new();
            let mut highest = Fence::ZERO;
            for step in steps {
                let granted = match step {
                    Step::Acquire(n) => runtime.block_on(bench.acquire(&n.to_string())).ok(),
                    Step::TakeOver(n) => runtime.block_on(bench.ask(&n.to_string(), 1, true)).ok(),
                    Step::Release => {
                        if let Some(held) = bench.keeper.current() {
                            runtime.block_on(bench.keeper.release(held)).unwrap();
                        }
                        None
                    }
                    Step::Wait(seconds) => {
                        bench.clock.advance(Duration::from_secs(seconds.into()));
                        None
                    }
                    Step::Restart => {
                        bench.restart();
                        None
                    }
                    Step::Raise => {
                        let state = &bench.keeper.state;
                        let raised = state.update(|s| Ok::<_, crate::state::StateError>(raise_fence(s))).unwrap();
                        prop_assert!(raised > highest);
                        highest = raised;
                        None
                    }
                };
                if let Some(lease) = granted {
                    prop_assert!(lease.fence > highest, "{} after {highest}", lease.fence);
                    highest = lease.fence;
                }
            }
        }
    }
}
