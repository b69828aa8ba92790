//! Windows over what the proxy counts: pairs for the judge of a run, the last minute for people.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use handover_core::{BySlot, RunId, Slot, SystemClock};
use handover_monitor::{PairCutter, PairRing, Pairs, Windows};
use tokio::sync::watch;
use tokio::time::{MissedTickBehavior, interval, timeout};

use crate::api::{Recent, WatchRequest, WatchView};
use crate::denied::Denied;
use crate::proxy::Proxy;
use crate::state::{StateError, StateStore};

/// What is still to be known of a watch after a restart.
pub(crate) trait WatchBook: std::fmt::Debug + Send + Sync {
    /// The watch in force.
    fn watched(&self) -> Option<WatchRequest>;

    /// Writes down a watch, with the epoch it gets. May block.
    fn next_epoch(&self, request: WatchRequest) -> Result<u64, StateError>;

    /// The run that has filled `slot`, where that is known: another one's minute is another.
    fn occupant(&self, slot: Slot) -> Option<RunId>;
}

/// How often the meters are read while a run is watched: a window is this much longer than need be, at most.
const TICK: Duration = Duration::from_millis(25);

/// Cuts the windows of the run being watched.
#[derive(Debug)]
pub(crate) struct Watcher {
    proxy: Proxy,
    book: Arc<dyn WatchBook>,
    active: Mutex<Option<Active>>,
    /// Changes with each closed window and each new watch.
    news: watch::Sender<()>,
    recent: BySlot<Mutex<Minute>>,
}

/// How many seconds are told one by one.
const SECONDS: usize = 60;

/// The last minute of whatever a slot holds: another release begins with none.
#[derive(Debug)]
struct Minute {
    of: Option<RunId>,
    windows: Windows,
    /// What had completed at the last tick, and how many did in each second before it.
    completed: u64,
    seconds: VecDeque<u64>,
}

#[derive(Debug)]
struct Active {
    view: WatchView,
    cutter: PairCutter,
    ring: PairRing,
}

impl Minute {
    /// One that begins now.
    fn new(of: Option<RunId>, proxy: &Proxy, slot: Slot) -> Self {
        let meter = proxy.meter(slot);
        let windows = Windows::new(Arc::new(SystemClock::new()), meter.series().clone());
        Self { of, windows, completed: meter.totals().count(), seconds: VecDeque::new() }
    }

    /// A second has passed.
    fn tick(&mut self, completed: u64) {
        self.windows.tick();
        if self.seconds.len() >= SECONDS {
            self.seconds.pop_front();
        }
        self.seconds.push_back(completed.saturating_sub(self.completed));
        self.completed = completed;
    }
}

impl Watcher {
    pub(crate) fn new(proxy: Proxy, book: Arc<dyn WatchBook>) -> Self {
        let recent = BySlot::from_fn(|slot| Mutex::new(Minute::new(None, &proxy, slot)));
        let (news, _) = watch::channel(());
        Self { proxy, book, active: Mutex::new(None), news, recent }
    }

    /// Goes on with the watch an earlier agent had, in an epoch of its own: what that agent had counted is gone.
    pub(crate) async fn resume(&self) -> Result<(), Denied> {
        match self.book.watched() {
            Some(request) => self.begin(request).await.map(drop),
            None => Ok(()),
        }
    }

    /// Begins windows for a run; the same request twice is once.
    pub(crate) async fn watch(&self, request: WatchRequest) -> Result<WatchView, Denied> {
        let same =
            self.lock().as_ref().map(|active| active.view.clone()).filter(|view| view.request == request);
        match same {
            Some(view) => Ok(view),
            None => self.begin(request).await,
        }
    }

    /// The windows after number `after`, waiting up to `wait` for the first.
    ///
    /// A reader that names a number not reached yet has it from an earlier epoch: it gets this one's from the start.
    pub(crate) async fn after(&self, after: u64, wait: Duration) -> Result<Pairs, Denied> {
        let mut news = self.news.subscribe();
        let first = async {
            loop {
                let found = self.read(after)?;
                if !found.pairs.is_empty() || news.changed().await.is_err() {
                    return Ok(found);
                }
            }
        };
        match timeout(wait, first).await {
            Ok(found) => found,
            Err(_) => self.read(after),
        }
    }

    /// The last minute of `slot`.
    pub(crate) fn recent(&self, slot: Slot) -> Recent {
        let minute = self.minute(slot);
        let latest = minute.windows.latest();
        let covers = latest.covers.as_secs_f64();
        Recent {
            n: latest.count,
            errors: latest.errors,
            p50: latest.p50.map(|value| value.as_secs_f64()),
            p95: latest.p95.map(|value| value.as_secs_f64()),
            p99: latest.p99.map(|value| value.as_secs_f64()),
            rate: if covers > 0.0 { as_float(latest.count) / covers } else { 0.0 },
            seconds: minute.seconds.iter().copied().collect(),
        }
    }

    /// Reads the meters for ever.
    pub(crate) async fn tick_for_ever(self: Arc<Self>) {
        let mut ticks = interval(TICK);
        ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
        let mut until_second = 0_u32;
        loop {
            ticks.tick().await;
            self.tick();
            if until_second == 0 {
                self.tick_recent();
                until_second = TICKS_PER_SECOND;
            }
            until_second -= 1;
        }
    }

    async fn begin(&self, request: WatchRequest) -> Result<WatchView, Denied> {
        let (book, stored) = (Arc::clone(&self.book), request.clone());
        let written = tokio::task::spawn_blocking(move || book.next_epoch(stored)).await;
        let epoch = written.unwrap_or(Err(StateError::Stopped))?;
        let view = WatchView { epoch, request };
        let (now, bps, [candidate, stable]) = self.measure(&view.request);
        let cutter = PairCutter::new(epoch, now, bps, candidate, stable);
        *self.lock() = Some(Active { view: view.clone(), cutter, ring: PairRing::new(epoch) });
        self.news.send_replace(());
        Ok(view)
    }

    fn tick(&self) {
        let mut active = self.lock();
        let Some(active) = active.as_mut() else { return };
        let (now, bps, [candidate, stable]) = self.measure(&active.view.request);
        if let Some(pair) = active.cutter.tick(now, bps, candidate, stable) {
            active.ring.push(pair);
            self.news.send_replace(());
        }
    }

    fn measure(&self, request: &WatchRequest) -> (Duration, u16, [handover_monitor::MeterTotals; 2]) {
        let now = self.proxy.origin().elapsed();
        let limit = Duration::from_millis(request.limit_ms);
        let arms = [request.candidate, request.candidate.other()];
        let bps = self.proxy.route().split.bps(request.candidate);
        (now, bps, arms.map(|slot| self.proxy.meter(slot).read(now, limit)))
    }

    fn tick_recent(&self) {
        for slot in Slot::BOTH {
            self.minute(slot).tick(self.proxy.meter(slot).totals().count());
        }
    }

    /// The slot's minute, begun anew where another run has filled the slot.
    fn minute(&self, slot: Slot) -> MutexGuard<'_, Minute> {
        let mut minute = self.recent[slot].lock().unwrap_or_else(PoisonError::into_inner);
        let now = self.book.occupant(slot);
        if minute.of != now {
            *minute = Minute::new(now, &self.proxy, slot);
        }
        minute
    }

    fn read(&self, after: u64) -> Result<Pairs, Denied> {
        let active = self.lock();
        let Some(active) = active.as_ref() else { return Err(Denied::not_found("no run is being watched")) };
        let after = if after > active.ring.latest() { 0 } else { after };
        Ok(active.ring.after(after))
    }

    fn lock(&self) -> MutexGuard<'_, Option<Active>> {
        self.active.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

const TICKS_PER_SECOND: u32 = 40;

impl WatchBook for StateStore {
    fn watched(&self) -> Option<WatchRequest> {
        self.get().watch.clone()
    }

    fn next_epoch(&self, request: WatchRequest) -> Result<u64, StateError> {
        self.update(|state| {
            state.epoch += 1;
            state.watch = Some(request);
            Ok(state.epoch)
        })
    }

    fn occupant(&self, slot: Slot) -> Option<RunId> {
        self.get().slots[slot].as_ref().map(|stored| stored.run.clone())
    }
}

/// Counts shown to people stay far below where a float skips numbers.
#[expect(clippy::cast_precision_loss, reason = "a rate for people, not evidence")]
fn as_float(count: u64) -> f64 {
    count as f64
}
