use std::fmt;
use std::future::poll_fn;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, Waker};
use std::time::Duration;

use handover_core::{BySlot, Clock, RunId, Slot};

use super::watched::{Begun, Cutting, Watched, next_epoch};
use super::{Answer, SourceError, WindowSource};
use crate::cut::CutRules;
use crate::meter::Meter;
use crate::pair::Pairs;

/// Windows over two [`Meter`]s of this process: for a service that records its own requests, or a proxy of one's own.
///
/// The owner calls [`tick`](Self::tick) every few milliseconds. There is no task, no timer and no runtime inside: who
/// waits in [`after`](WindowSource::after) is woken by ticks, and by them alone; a wait ends with the first tick
/// past it. What only has durations and outcomes records them into [`Meter::series`].
///
/// # Examples
///
/// ```
/// # use std::sync::Arc;
/// # use handover_core::{BySlot, Slot, SystemClock};
/// # use handover_monitor::source::MeterSource;
/// # use handover_monitor::{LatencySink, Meter, Outcome};
/// let meters = BySlot { blue: Meter::new(), green: Meter::new() };
/// let source = MeterSource::new(meters.clone(), Arc::new(SystemClock::new()));
/// meters[Slot::Green].record(std::time::Duration::from_millis(3), Outcome::Ok);
/// source.tick();
/// ```
pub struct MeterSource {
    meters: BySlot<Meter>,
    clock: Arc<dyn Clock>,
    rules: CutRules,
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    bps: u16,
    active: Option<(Watched, Cutting)>,
    waiting: Vec<Waker>,
}

impl MeterSource {
    /// Windows over what these meters count, by a clock that also tells them the time.
    pub fn new(meters: BySlot<Meter>, clock: Arc<dyn Clock>) -> Self {
        Self { meters, clock, rules: CutRules::default(), state: Mutex::default() }
    }

    /// Closes windows by other rules than the default ones.
    #[must_use]
    pub fn with_rules(mut self, rules: CutRules) -> Self {
        self.rules = rules;
        self
    }

    /// Reads the meters, closes the open window if it is due, and wakes whoever waits.
    pub fn tick(&self) {
        let mut state = self.lock();
        let (now, bps) = (self.clock.now(), state.bps);
        if let Some((watched, cutting)) = &mut state.active
            && let Some(pair) = cutting.tick(now, bps, &self.meters)
        {
            watched.push(pair);
        }
        let waiting = std::mem::take(&mut state.waiting);
        drop(state);
        waiting.into_iter().for_each(Waker::wake);
    }

    fn begin_now(&self, begun: Begun) -> u64 {
        let mut state = self.lock();
        let former = state.active.as_ref().map(|(watched, _)| watched);
        if let Some(same) = former.filter(|watched| watched.begun == begun) {
            return same.epoch();
        }
        let epoch = next_epoch(&*self.clock, former);
        let cutting =
            Cutting::new(begun.clone(), epoch, self.clock.now(), state.bps, &self.meters, self.rules.clone());
        state.active = Some((Watched::new(begun, epoch), cutting));
        epoch
    }

    fn poll_after(
        &self,
        seq: Option<u64>,
        until: Duration,
        cx: &Context<'_>,
    ) -> Poll<Result<Pairs, SourceError>> {
        let mut state = self.lock();
        let Some((watched, _)) = &state.active else { return Poll::Ready(Err(SourceError::NotBegun)) };
        let found = watched.after(seq);
        if !found.pairs.is_empty() || self.clock.now() >= until {
            return Poll::Ready(Ok(found));
        }
        if !state.waiting.iter().any(|waker| waker.will_wake(cx.waker())) {
            state.waiting.push(cx.waker().clone());
        }
        Poll::Pending
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl WindowSource for MeterSource {
    fn begin<'a>(&'a self, run: &'a RunId, candidate: Slot, limit: Duration) -> Answer<'a, u64> {
        let begun = Begun { run: run.clone(), candidate, limit };
        Box::pin(async move { Ok(self.begin_now(begun)) })
    }

    fn after(&self, seq: Option<u64>, wait: Duration) -> Answer<'_, Pairs> {
        let until = self.clock.now().saturating_add(wait);
        Box::pin(poll_fn(move |cx| self.poll_after(seq, until, cx)))
    }

    fn moved(&self, candidate_bps: u16) {
        self.lock().bps = candidate_bps;
    }
}

impl fmt::Debug for MeterSource {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("MeterSource").field("meters", &self.meters).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use std::pin::pin;
    use std::sync::atomic::{AtomicU64, Ordering};
    use std::task::Wake;

    use handover_core::Timestamp;

    use super::*;
    use crate::series::{LatencySink as _, Outcome};

    const LIMIT: Duration = Duration::from_millis(500);

    #[derive(Debug, Default)]
    struct Still(AtomicU64);

    impl Clock for Still {
        fn now(&self) -> Duration {
            Duration::from_millis(self.0.load(Ordering::SeqCst))
        }

        fn wall(&self) -> Timestamp {
            Timestamp::from_unix_millis(1_000)
        }
    }

    #[derive(Default)]
    struct Woken(AtomicU64);

    impl Wake for Woken {
        fn wake(self: Arc<Self>) {
            self.0.fetch_add(1, Ordering::SeqCst);
        }
    }

    struct Bench {
        clock: Arc<Still>,
        meters: BySlot<Meter>,
        source: MeterSource,
    }

    impl Bench {
        fn new() -> Self {
            let clock = Arc::new(Still::default());
            let meters = BySlot { blue: Meter::new(), green: Meter::new() };
            let source = MeterSource::new(meters.clone(), clock.clone());
            Self { clock, meters, source }
        }

        fn begin(&self, run: &str, candidate: Slot) -> u64 {
            ready(self.source.begin(&run.parse().expect("a name"), candidate, LIMIT)).expect("begun")
        }

        fn after(&self, seq: Option<u64>) -> Pairs {
            ready(self.source.after(seq, Duration::ZERO)).expect("windows")
        }

        fn pass(&self, millis: u64) {
            self.clock.0.fetch_add(millis, Ordering::SeqCst);
            self.source.tick();
        }

        fn serve(&self, slot: Slot, times: u64, outcome: Outcome) {
            (0..times).for_each(|_| self.meters[slot].record(Duration::from_millis(3), outcome));
        }
    }

    fn ready<T>(answer: Answer<'_, T>) -> Result<T, SourceError> {
        match pin!(answer).poll(&mut Context::from_waker(Waker::noop())) {
            Poll::Ready(done) => done,
            Poll::Pending => panic!("it waits"),
        }
    }

    #[test]
    fn requests_become_windows_of_the_slot_that_is_the_candidate() {
        let bench = Bench::new();
        assert!(matches!(ready(bench.source.after(None, Duration::ZERO)), Err(SourceError::NotBegun)));
        bench.serve(Slot::Green, 5, Outcome::Error);
        let epoch = bench.begin("r1", Slot::Green);
        assert_eq!(bench.begin("r1", Slot::Green), epoch, "the same is once");
        bench.source.moved(1_000);
        bench.pass(10);
        bench.serve(Slot::Green, 3, Outcome::Error);
        bench.serve(Slot::Blue, 30, Outcome::Ok);
        bench.pass(10);
        let pairs = bench.after(None);
        let last = pairs.pairs.last().expect("a window");
        assert_eq!((pairs.epoch, last.candidate_bps), (epoch, 1_000));
        assert_eq!((last.candidate.n, last.candidate.errors, last.stable.n), (3, 3, 30));
        assert_eq!(
            pairs.pairs.iter().map(|pair| pair.candidate.n).sum::<u64>(),
            3,
            "what was before is in none"
        );
        assert!(bench.after(Some(last.seq)).pairs.is_empty());
    }

    #[test]
    fn another_run_begins_anew_and_a_reader_from_before_it_reads_from_its_start() {
        let bench = Bench::new();
        let first = bench.begin("r1", Slot::Green);
        (0..3).for_each(|_| bench.pass(1_000));
        let second = bench.begin("r2", Slot::Blue);
        assert!(second > first);
        bench.serve(Slot::Blue, 1, Outcome::Ok);
        bench.pass(1_000);
        let pairs = bench.after(Some(3));
        assert_eq!((pairs.epoch, pairs.pairs.len(), pairs.pairs[0].candidate.n), (second, 1, 1));
    }

    #[test]
    fn who_waits_is_woken_by_a_window_or_by_the_tick_past_the_wait() {
        let bench = Bench::new();
        bench.begin("r1", Slot::Green);
        let woken = Arc::new(Woken::default());
        let waker = woken.clone().into();
        let mut cx = Context::from_waker(&waker);
        let mut waiting = pin!(bench.source.after(None, Duration::from_secs(2)));
        assert!(waiting.as_mut().poll(&mut cx).is_pending() && waiting.as_mut().poll(&mut cx).is_pending());
        bench.pass(100);
        assert_eq!(woken.0.load(Ordering::SeqCst), 1);
        assert!(waiting.as_mut().poll(&mut cx).is_pending(), "nothing has closed");
        bench.pass(900);
        let Poll::Ready(Ok(found)) = waiting.as_mut().poll(&mut cx) else { panic!("a second of silence") };
        assert_eq!(found.pairs.len(), 1);
        let mut waiting = pin!(bench.source.after(Some(1), Duration::from_millis(50)));
        assert!(waiting.as_mut().poll(&mut cx).is_pending());
        bench.pass(50);
        let Poll::Ready(Ok(found)) = waiting.as_mut().poll(&mut cx) else { panic!("the wait is over") };
        assert!(found.pairs.is_empty());
    }

    #[test]
    fn a_candidate_that_hangs_is_seen_before_anything_ends() {
        let bench = Bench::new();
        bench.begin("r1", Slot::Green);
        let waiting = bench.meters[Slot::Green].start(Duration::ZERO);
        bench.pass(1_000);
        assert_eq!(bench.after(None).pairs[0].candidate.in_flight_over, 1);
        drop(waiting);
    }
}
