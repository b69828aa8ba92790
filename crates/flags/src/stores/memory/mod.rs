//! Flags in this process's memory: the reference for every other store, and what tests use.

mod state;

use std::collections::BTreeMap;
use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use async_trait::async_trait;
use tokio::sync::watch;
use tokio::time::{Instant, timeout};

use self::state::State;
use crate::FlagName;
use crate::store::{
    AuditEntry, Capabilities, Change, Contents, Delivery, FlagStore, Held, Key, LastUse, Receipt, Seen,
    StoreError, StoreEvent, Teller, Unwatched, Usage, Watch,
};

/// How often a watcher hears that nothing has changed.
const BEAT: Duration = Duration::from_millis(500);

/// A store in memory, which does all that a store can do. Clones are the same store.
#[derive(Clone)]
pub struct MemoryStore {
    shared: Arc<Shared>,
}

struct Shared {
    state: Mutex<State>,
    latest: watch::Sender<Arc<Contents>>,
}

impl MemoryStore {
    /// An empty store.
    pub fn new() -> Self {
        Self::of(Contents::default())
    }

    /// A store with these flags, on or off.
    ///
    /// # Panics
    ///
    /// A name is no name of a flag: see [`FlagName`](crate::FlagName).
    #[expect(clippy::expect_used, reason = "a name in code that is no name is a mistake of the program")]
    pub fn with(flags: &[(&str, bool)]) -> Self {
        let gate = |name: &str| Key::Gate(crate::FlagName::new(name).expect("a flag's name"));
        let values =
            flags.iter().map(|(name, on)| (gate(name), Held::from(if *on { "true" } else { "false" })));
        Self::of(Contents { values: values.collect(), ..Contents::default() })
    }

    /// A store that begins with all this.
    pub fn of(contents: Contents) -> Self {
        let state = State::new(contents);
        let latest = watch::Sender::new(Arc::new(state.contents().clone()));
        Self { shared: Arc::new(Shared { state: Mutex::new(state), latest }) }
    }

    fn change(&self, key: &Key, held: Option<Held>, change: &Change) -> Result<Receipt, StoreError> {
        let (receipt, version) = self.shared.with(|state| state.change(key, held, change, now_ms()))?;
        if let Some(after) = change.expires {
            self.expire(key.clone(), version, after);
        }
        Ok(receipt)
    }

    /// Writes as somebody does who knows nothing of revisions and audits.
    #[cfg(feature = "testkit")]
    pub(crate) fn write_past(&self, key: &Key, held: Option<Held>) {
        self.shared.with(|state| state.write_past(key, held));
    }

    /// Forgets the value of a change, unless another has been made since.
    fn expire(&self, key: Key, version: u64, after: Duration) {
        let shared = Arc::downgrade(&self.shared);
        tokio::spawn(async move {
            tokio::time::sleep(after).await;
            if let Some(shared) = shared.upgrade() {
                shared.with(|state| state.lapse(&key, version));
            }
        });
    }
}

impl Shared {
    /// Works on the state, and tells the watchers what it is then.
    fn with<T>(&self, work: impl FnOnce(&mut State) -> T) -> T {
        let mut state = self.lock();
        let done = work(&mut state);
        self.latest.send_replace(Arc::new(state.contents().clone()));
        done
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Default for MemoryStore {
    fn default() -> Self {
        Self::new()
    }
}

impl fmt::Debug for MemoryStore {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("MemoryStore").finish_non_exhaustive()
    }
}

#[async_trait]
impl FlagStore for MemoryStore {
    fn name(&self) -> String {
        "memory".to_owned()
    }

    fn capabilities(&self) -> Capabilities {
        Capabilities::ALL
    }

    async fn load(&self) -> Result<Contents, StoreError> {
        Ok(self.shared.lock().contents().clone())
    }

    async fn put(&self, key: &Key, text: &str, change: &Change) -> Result<Receipt, StoreError> {
        self.change(key, Some(Held::from_bytes(text.as_bytes())), change)
    }

    async fn remove(&self, key: &Key, change: &Change) -> Result<Receipt, StoreError> {
        self.change(key, None, change)
    }

    fn watch(&self) -> Watch {
        let latest = self.shared.latest.subscribe();
        Watch::spawn(|teller| async move {
            // It ends when nobody listens, or when nobody is left to change anything.
            let _ = tell(latest, teller).await;
        })
    }

    async fn audit(&self, newest: usize) -> Result<Vec<AuditEntry>, StoreError> {
        Ok(self.shared.lock().audit(newest))
    }

    async fn report_seen(&self, seen: &Seen) -> Result<(), StoreError> {
        self.shared.lock().report(seen, Instant::now());
        Ok(())
    }

    async fn seen(&self) -> Result<Vec<Seen>, StoreError> {
        Ok(self.shared.lock().seen(Instant::now()))
    }

    async fn report_usage(&self, usage: &Usage) -> Result<(), StoreError> {
        self.shared.lock().report_usage(usage, now_ms());
        Ok(())
    }

    async fn usage(&self) -> Result<BTreeMap<FlagName, LastUse>, StoreError> {
        Ok(self.shared.lock().usage())
    }

    async fn accept(&self, change: &Change) -> Result<(), StoreError> {
        self.shared.with(|state| state.accept(&change.actor));
        Ok(())
    }
}

async fn tell(mut latest: watch::Receiver<Arc<Contents>>, teller: Teller) -> Result<(), Unwatched> {
    let mut told = Arc::clone(&latest.borrow_and_update());
    teller.tell(StoreEvent::Delivery(Delivery::Push)).await?;
    teller.tell(StoreEvent::Contents { contents: (*told).clone(), as_of: Instant::now() }).await?;
    loop {
        if let Ok(changed) = timeout(BEAT, latest.changed()).await {
            changed.map_err(|_| Unwatched)?;
        }
        let as_of = Instant::now();
        let now = Arc::clone(&latest.borrow_and_update());
        teller.tell(super::difference(&told, &now, as_of)).await?;
        told = now;
    }
}

fn now_ms() -> u64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    u64::try_from(since.as_millis()).unwrap_or(u64::MAX)
}
