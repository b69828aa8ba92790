use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use arc_swap::ArcSwap;
use handover_core::{BySlot, Slot};
use handover_monitor::{Meter, Outcome};
use tokio::sync::Notify;
use tokio::time::Instant;

use super::count::Load;
use super::options::Settings;
use super::stats::{Class, Stats};
use super::table::{Registry, Table};

/// Everything that the requests of one proxy share.
#[derive(Debug)]
pub(super) struct Edge {
    pub(super) settings: Settings,
    /// When the proxy was made.
    pub(super) origin: Instant,
    pub(super) table: ArcSwap<Table>,
    /// The epoch of the table in force: what admission checks again once it is counted.
    pub(super) epoch: AtomicU64,
    /// Changes of the table, one after the other.
    control: Mutex<Registry>,
    /// Tells waiting requests that the table is another one.
    pub(super) changed: Notify,
    pub(super) slots: BySlot<SlotState>,
    pub(super) stats: Stats,
    turn: AtomicUsize,
}

/// What is counted per slot, over all releases that were ever in it.
#[derive(Debug)]
pub(super) struct SlotState {
    pub(super) load: Load,
    pub(super) served: AtomicU64,
    pub(super) meter: Meter,
}

impl Edge {
    pub(super) fn new(settings: Settings) -> Self {
        let table = Table::new();
        Self {
            settings,
            origin: Instant::now(),
            epoch: AtomicU64::new(table.epoch),
            table: ArcSwap::from_pointee(table),
            control: Mutex::default(),
            changed: Notify::new(),
            slots: BySlot::from_fn(|_| SlotState {
                load: Load::new(),
                served: AtomicU64::new(0),
                meter: Meter::new(),
            }),
            stats: Stats::default(),
            turn: AtomicUsize::new(0),
        }
    }

    /// Replaces the table by a changed one. Once this returned, nothing is admitted under the former.
    pub(super) fn change(&self, change: impl FnOnce(&mut Registry, &mut Table)) {
        let mut registry = self.registry();
        let mut table = Table::clone(&self.table.load());
        change(&mut registry, &mut table);
        table.epoch += 1;
        let epoch = table.epoch;
        self.table.store(Arc::new(table));
        self.epoch.store(epoch, Ordering::SeqCst);
        drop(registry);
        self.changed.notify_waiters();
    }

    pub(super) fn registry(&self) -> MutexGuard<'_, Registry> {
        self.control.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Milliseconds since the proxy was made.
    pub(super) fn now_ms(&self) -> u64 {
        u64::try_from(self.origin.elapsed().as_millis()).unwrap_or(u64::MAX)
    }

    /// Grows by one with each call, so that equals take turns.
    pub(super) fn next_turn(&self) -> usize {
        self.turn.fetch_add(1, Ordering::Relaxed)
    }

    /// A request that its slot could not even be asked for: the slot's fault all the same.
    pub(super) fn nobody_there(&self, slot: Slot) {
        let meter = &self.slots[slot].meter;
        let now = Instant::now();
        meter.finish(meter.start(self.since(now)), self.since(now), Outcome::Error);
        if let Some(release) = &self.table.load().slots[slot].release {
            release.answers.count(Class::Error);
        }
    }

    /// Time as the meters know it.
    pub(super) fn since(&self, now: Instant) -> std::time::Duration {
        now.saturating_duration_since(self.origin)
    }
}
