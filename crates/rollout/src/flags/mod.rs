//! Flags that belong to a run: it sets them on its way, and puts back on the way back what it set itself.
//!
//! A flag has other owners than a deployment, so three rules hold:
//!
//! - **What stood there before is written down before it is changed**, so that any later driver knows it.
//! - **Nobody is overruled.** A flag is changed only while it still is what the run last saw or set. What somebody else
//!   has changed meanwhile, a kill above all, is told of and left as it is, going forward and back.
//! - **Traffic first.** On the way back flags come after traffic is back and that is proven. A store that does not answer
//!   costs [`BACK_BUDGET`], and ends as a warning that says what to type.
//!
//! Going forward a store that does not answer is borne as any other failure, and then the run goes back: a release that
//! needs a flag is not released without it.
//!
//! Where the store keeps an audit, a driver that takes over learns from it whether the change of the one before was made.
//! Where it keeps none, it takes a flag that is as the run wants it for the run's own.

mod fate;
mod memory;
mod spec;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};
use std::time::Duration;

use handover_core::RunId;
use handover_flags::{Change, FlagName, FlagStore, Held, Key, Receipt, StoreError};
use handover_runbook::{Record, StepName};
use tokio::time::{Instant, timeout};

pub use fate::{FlagFate, flag_fates, flag_warnings};
pub(crate) use fate::{told, value_words};
pub(crate) use memory::{Memory, Values, Written, intent};
pub use spec::{FlagChange, FlagMoment, FlagStoreAt, OnRollback};
pub(crate) use spec::{is_step_back, kill_step, restore_step};

/// How long the store may take over one question on the way forward.
pub(crate) const FORWARD_LIMIT: Duration = Duration::from_secs(5);
/// The same on the way back.
const BACK_LIMIT: Duration = Duration::from_secs(2);
/// How long the way back tries to reach the store, all in all.
pub(crate) const BACK_BUDGET: Duration = Duration::from_secs(10);
/// How many of the newest lines of an audit are read; a run's own are among the newest.
const AUDIT: usize = 1_000;

/// The store of flags as one run uses it, with what the run knows of each flag.
#[derive(Debug)]
pub struct RunFlags {
    store: Arc<dyn FlagStore>,
    memory: Mutex<Memory>,
    /// Until when the way back tries.
    back_until: OnceLock<Instant>,
}

impl RunFlags {
    /// This store, for a run that goes on from these records; none are the records of a new run.
    pub fn new(store: Arc<dyn FlagStore>, records: &[Record]) -> Self {
        Self { store, memory: Mutex::new(Memory::of(records)), back_until: OnceLock::new() }
    }

    pub(crate) fn memory(&self) -> MutexGuard<'_, Memory> {
        self.memory.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// How long one question may take on the way back: less and less of the budget, and always long enough to try.
    pub(crate) fn back_limit(&self) -> Duration {
        let until = self.back_until.get_or_init(|| Instant::now() + BACK_BUDGET);
        until.saturating_duration_since(Instant::now()).clamp(BACK_LIMIT / 2, BACK_LIMIT)
    }

    /// Whether the way back has tried for long enough.
    pub(crate) fn back_is_over(&self) -> bool {
        self.back_until.get().is_some_and(|until| Instant::now() >= *until)
    }

    /// What stands for each of these flags.
    pub(crate) async fn now(
        &self,
        flags: impl Iterator<Item = &FlagName>,
        limit: Duration,
    ) -> Result<BTreeMap<FlagName, Option<Held>>, StoreError> {
        let loaded = timeout(limit, self.store.load()).await;
        let contents = loaded.unwrap_or_else(|_| Err(self.silent(limit)))?;
        let held = |flag: &FlagName| contents.values.get(&Key::Gate(flag.clone())).cloned();
        Ok(flags.map(|flag| (flag.clone(), held(flag))).collect())
    }

    /// Writes a flag's gate, or takes it away.
    pub(crate) async fn write(
        &self,
        flag: &FlagName,
        to: Option<&str>,
        change: &Change,
        limit: Duration,
    ) -> Result<Receipt, StoreError> {
        let key = Key::Gate(flag.clone());
        let writing = async {
            match to {
                Some(text) => self.store.put(&key, text, change).await,
                None => self.store.remove(&key, change).await,
            }
        };
        timeout(limit, writing).await.unwrap_or_else(|_| Err(self.unconfirmed(limit)))
    }

    /// Whether the run wrote each of these flags; what is not known is looked up where an audit is kept.
    pub(crate) async fn written(
        &self,
        flags: impl Iterator<Item = &FlagName>,
        run: &RunId,
        limit: Duration,
    ) -> BTreeMap<FlagName, Written> {
        let mut written: BTreeMap<_, _> = {
            let memory = self.memory();
            flags.map(|flag| (flag.clone(), memory.written(flag))).collect()
        };
        if written.values().any(|written| *written == Written::Unknown)
            && let Some(audited) = self.audited(run, limit).await
        {
            for (flag, written) in written.iter_mut().filter(|(_, written)| **written == Written::Unknown) {
                *written = if audited.contains(flag) { Written::Yes } else { Written::No };
            }
        }
        written
    }

    /// The flags that the run changed, as the store tells; `None` where it does not.
    async fn audited(&self, run: &RunId, limit: Duration) -> Option<BTreeSet<FlagName>> {
        if !self.store.capabilities().audit {
            return None;
        }
        let entries = timeout(limit, self.store.audit(AUDIT)).await.ok()?.ok()?;
        let ours = entries.into_iter().filter(|entry| entry.run.as_deref() == Some(run.as_str()));
        let gates = ours.filter_map(|entry| match entry.key {
            Key::Gate(flag) => Some(flag),
            _ => None,
        });
        Some(gates.collect())
    }

    /// What a step found before it changed anything, once it is about to.
    pub(crate) fn found_by(&self, step: &StepName) -> Option<Values> {
        self.memory().found(step).cloned()
    }

    fn silent(&self, limit: Duration) -> StoreError {
        StoreError::Unreachable {
            store: self.store.name(),
            source: format!("no answer within {limit:?}").into(),
        }
    }

    fn unconfirmed(&self, limit: Duration) -> StoreError {
        StoreError::Unconfirmed {
            store: self.store.name(),
            source: format!("no answer within {limit:?}").into(),
        }
    }
}
