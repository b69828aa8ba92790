//! The flags of a process: what readers ask, kept up to date by tasks that no reader waits for.

#[cfg(feature = "openfeature")]
mod basis;
mod builder;
mod evaluation;
mod event;
#[cfg(feature = "testing")]
mod fake;
mod fixed;
mod flag;
mod fresh;
mod guard;
mod handle;
mod intake;
mod last_known_good;
mod report;
mod shared;
mod status;
mod tasks;

use std::fmt;
use std::sync::Arc;

use jiff::civil::Date;
use tokio::sync::{broadcast, watch};

pub use self::builder::FlagsBuilder;
pub use self::evaluation::Evaluation;
pub use self::event::FlagEvent;
#[cfg(feature = "testing")]
pub use self::fake::{FakeFlags, HeldFlag, Recorded};
pub use self::flag::{Flag, Safe};
pub use self::guard::{Suspect, WipeGuard};
pub use self::handle::FlagHandle;
use self::handle::NOBODY;
pub use self::intake::OnStale;
pub use self::report::RegistryReport;
pub(crate) use self::shared::Shared;
pub use self::status::{Standing, Started, Status};
use self::tasks::Tasks;
use crate::hot::{Exposure, Slot};
use crate::rules::Context;
use crate::store::FlagStore;
use crate::{FlagName, Key};

/// The flags of a process. Clones are the same flags; when the last clone and handle is dropped, the listening ends.
///
/// Every read is synchronous and infallible: it looks at what is known and touches neither store nor lock.
///
/// ```
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() {
/// use handover_flags::{Context, Flags, MemoryStore, Safe};
///
/// let store = MemoryStore::with(&[("scan_creation", true)]);
/// let flags = Flags::builder(store).flag("scan_creation", Safe::Off).start().await;
/// assert!(flags.is_enabled("scan_creation"));
///
/// let scans = flags.handle("scan_creation");
/// assert!(scans.get());
/// let why = flags.evaluate("scan_creation", &Context::new().user("42"));
/// assert!(why.value);
/// # }
/// ```
#[derive(Clone)]
pub struct Flags {
    shared: Arc<Shared>,
    inner: Arc<Inner>,
}

struct Inner {
    declared: Vec<Flag>,
    _tasks: Tasks,
}

impl Flags {
    /// Begins to say where the flags are and how they are to be read.
    pub fn builder(store: impl FlagStore + 'static) -> FlagsBuilder {
        FlagsBuilder::new(Arc::new(store))
    }

    fn new(shared: Arc<Shared>, tasks: Tasks, declared: Vec<Flag>) -> Self {
        Self { shared, inner: Arc::new(Inner { declared, _tasks: tasks }) }
    }

    /// Whether a flag is on, for nobody in particular: rules that ask who the caller is do not admit, and a share that goes
    /// by an id goes by chance.
    ///
    /// A name that nobody knows is off, and [`registry`](Self::registry) tells of it.
    #[inline]
    pub fn is_enabled(&self, name: &str) -> bool {
        match self.shared.table.get(name) {
            Some(slot) => self.shared.is_on(slot, &NOBODY),
            None => self.unknown(name),
        }
    }

    /// Whether a flag is on for this caller.
    #[inline]
    pub fn is_enabled_for(&self, name: &str, context: &Context<'_>) -> bool {
        match self.shared.table.get(name) {
            Some(slot) => self.shared.is_on(slot, context),
            None => self.unknown(name),
        }
    }

    /// What a flag is for this caller, and why.
    #[inline]
    pub fn evaluate(&self, name: &str, context: &Context<'_>) -> Evaluation {
        self.shared.evaluate_named(name, context)
    }

    #[cold]
    fn unknown(&self, name: &str) -> bool {
        self.shared.unknown(name);
        false
    }

    /// One flag, to be read often.
    ///
    /// A name that is no flag's name, or one too many of them, gives a handle that is always off.
    pub fn handle(&self, name: &str) -> FlagHandle {
        FlagHandle::new(self.slot(name), self.clone())
    }

    fn slot(&self, name: &str) -> Arc<Slot> {
        let found = FlagName::new(name).ok().and_then(|name| self.shared.table.add(&name));
        found.unwrap_or_else(|| {
            self.shared.remember(name);
            Arc::new(Slot::of_nothing())
        })
    }

    /// Follows a flag as it is for nobody in particular: its value now, and each other value after.
    ///
    /// Of values that follow each other faster than they are read, the last is seen.
    pub fn subscribe(&self, name: &str) -> watch::Receiver<bool> {
        let slot = self.slot(name);
        let followed = slot.follow(self.shared.ask(&slot, &NOBODY));
        // A change between the two would be missed otherwise.
        slot.tell(self.shared.ask(&slot, &NOBODY));
        followed
    }

    /// Everything that happens from now on. A listener who falls 1024 events behind misses the oldest, and is told so.
    pub fn events(&self) -> broadcast::Receiver<FlagEvent> {
        self.shared.events.subscribe()
    }

    /// How things stand.
    pub fn status(&self) -> Status {
        let age = self.shared.fresh.as_of().age();
        self.shared.with_status(|status| Status { age, ..status.clone() })
    }

    /// How often each flag was read since the start; empty where reads are not counted.
    pub fn exposures(&self) -> Vec<Exposure> {
        self.shared.exposures()
    }

    /// How the flags in the code and the flags in the store fit together, as of this day.
    pub fn registry(&self, today: Date) -> RegistryReport {
        let slots = self.shared.table.all();
        let declared =
            |slot: &&Arc<Slot>| self.inner.declared.iter().any(|flag| flag.name == slot.name().as_str());
        let name = |slot: &Arc<Slot>| slot.name().clone();
        let in_store = |slot: &&Arc<Slot>| Shared::is_in_store(slot);
        RegistryReport {
            unknown: self.shared.unknown_names(),
            unset: slots.iter().filter(declared).filter(|slot| !in_store(slot)).map(name).collect(),
            undeclared: slots.iter().filter(in_store).filter(|slot| !declared(slot)).map(name).collect(),
            never_evaluated: slots
                .iter()
                .filter(declared)
                .filter(|slot| self.shared.is_unread(slot))
                .map(name)
                .collect(),
            stale: self.stale(today),
        }
    }

    fn stale(&self, today: Date) -> Vec<FlagName> {
        let past = |flag: &&Flag| flag.last_day().is_some_and(|day| day < today);
        self.inner.declared.iter().filter(past).filter_map(|flag| FlagName::new(flag.name).ok()).collect()
    }

    /// What the store has under a key that makes no sense, and why.
    pub fn malformed(&self) -> Vec<(Key, Arc<str>)> {
        self.shared.with_status(|status| status.malformed.clone().into_iter().collect())
    }
}

impl fmt::Debug for Flags {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Flags").field("status", &self.status()).finish_non_exhaustive()
    }
}
