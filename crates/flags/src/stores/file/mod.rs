//! Flags in a file that a person edits, a program changes, or a cluster mounts.

mod disk;
mod document;
mod ears;
mod edit;
mod lock;
mod owner;
mod place;
mod trail;
mod watch;

use std::path::Path;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, TryLockError};
use std::time::Duration;

use async_trait::async_trait;

use self::place::Place;
use self::trail::Known;
use self::watch::Watcher;
use crate::store::{AuditEntry, Capabilities, Change, Contents, FlagStore, Key, Receipt, StoreError, Watch};

/// How often the file is read though nobody said that it changed.
const EVERY: Duration = Duration::from_secs(2);

/// A store in a file of JSON, which is watched. Clones are the same store.
///
/// ```json
/// {
///   "revision": 7,
///   "flags": { "scan_creation": { "enabled": true, "rules": { "rollout": 10 } } },
///   "segments": { "paying": { "constraints": [] } }
/// }
/// ```
///
/// A file that is not there is an empty store, and the first change makes it; its folder must be there. A file that is
/// empty, torn or not of this shape is [`StoreError::Damaged`], with line and column, and is never taken for an empty
/// store: a watcher keeps what it knew. Text or a number where `true` or `false` belongs is handed on as its text, so
/// that readers see a malformed value.
///
/// Changes go through a lock beside the file, and replace it as a whole, behind any link; who made them is kept in
/// `<file>.audit.jsonl`. What an editor changed is written there too, by the first watcher that sees it, where the
/// folder can be written to. Processes on one machine may share a file; a network's disk may tell nobody of changes,
/// and then they are found by reading it from time to time.
#[derive(Debug, Clone)]
pub struct FileStore {
    shared: Arc<Shared>,
    looks: Looks,
}

/// When the file is read.
#[derive(Debug, Clone, Copy)]
struct Looks {
    listens: bool,
    every: Duration,
}

#[derive(Debug)]
struct Shared {
    place: Place,
    known: Mutex<Known>,
}

impl FileStore {
    /// The store in this file, which need not be there yet.
    pub fn new(path: impl AsRef<Path>) -> Self {
        let shared = Shared { place: Place::new(path.as_ref()), known: Mutex::default() };
        Self { shared: Arc::new(shared), looks: Looks { listens: true, every: EVERY } }
    }

    /// Reads the file this often too, though the system told of no change; every 2 s unless said otherwise.
    #[must_use]
    pub const fn looking_every(mut self, every: Duration) -> Self {
        self.looks.every = every;
        self
    }

    /// Does not ask the system to tell of changes, which some disks never do: the file is read this often.
    #[must_use]
    pub const fn polled(mut self, every: Duration) -> Self {
        self.looks = Looks { listens: false, every };
        self
    }

    /// Where it is.
    pub fn path(&self) -> &Path {
        self.shared.place.path()
    }

    /// Works on the disk, in a thread that may wait.
    async fn work<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Shared) -> Result<T, StoreError> + Send + 'static,
    ) -> Result<T, StoreError> {
        let shared = Arc::clone(&self.shared);
        let done = tokio::task::spawn_blocking(move || work(&shared)).await;
        done.unwrap_or_else(|error| Err(self.shared.place.unconfirmed(error)))
    }

    async fn change(&self, key: &Key, text: Option<String>, change: &Change) -> Result<Receipt, StoreError> {
        if change.expires.is_some() {
            return Err(self.cannot("forget a value by itself after a time"));
        }
        let (key, change) = (key.clone(), change.clone());
        self.work(move |shared| {
            edit::change(&shared.place, &mut shared.known(), (&key, text.as_deref()), &change)
        })
        .await
    }
}

impl Shared {
    fn known(&self) -> MutexGuard<'_, Known> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Compares the audit with the file; `false` if somebody is in the way, so that it must be done again.
    fn compare(&self) -> bool {
        let mut known = match self.known.try_lock() {
            Ok(known) => known,
            Err(TryLockError::Poisoned(known)) => known.into_inner(),
            Err(TryLockError::WouldBlock) => return false,
        };
        match edit::compare(&self.place, &mut known) {
            // A folder that cannot be written to stays so.
            Ok(()) | Err(StoreError::Refused { .. } | StoreError::Damaged { .. }) => true,
            Err(_) => false,
        }
    }
}

#[async_trait]
impl FlagStore for FileStore {
    fn name(&self) -> String {
        self.shared.place.name()
    }

    fn capabilities(&self) -> Capabilities {
        Capabilities { writes: true, expires: false, revisions: true, audit: true, seen: false }
    }

    async fn load(&self) -> Result<Contents, StoreError> {
        self.work(|shared| disk::contents(&shared.place, disk::bytes(&shared.place)?.as_deref())).await
    }

    async fn put(&self, key: &Key, text: &str, change: &Change) -> Result<Receipt, StoreError> {
        self.change(key, Some(text.to_owned()), change).await
    }

    async fn remove(&self, key: &Key, change: &Change) -> Result<Receipt, StoreError> {
        self.change(key, None, change).await
    }

    fn watch(&self) -> Watch {
        let watcher = Watcher::new(Arc::clone(&self.shared), self.looks);
        Watch::spawn(|teller| async move {
            // It ends when nobody listens any more.
            let _ = watcher.run(teller).await;
        })
    }

    async fn audit(&self, newest: usize) -> Result<Vec<AuditEntry>, StoreError> {
        self.work(move |shared| {
            let files = shared.place.files()?;
            let lines = trail::read(&files).map_err(|error| shared.place.unread(error))?;
            Ok(lines.into_iter().rev().take(newest).collect())
        })
        .await
    }

    async fn accept(&self, change: &Change) -> Result<(), StoreError> {
        let actor = change.actor.clone();
        self.work(move |shared| edit::mark(&shared.place, &mut shared.known(), &actor)).await
    }
}
