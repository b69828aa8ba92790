//! Flags for a service's own tests.

mod recorder;

use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};

use tokio::time::Instant;

pub use self::recorder::Recorded;
pub(super) use self::recorder::Recorder;
use super::fixed::{begin, gate, held, name};
use super::intake::Intake;
use super::{Flags, Key};
use crate::store::{Contents, Held, Revision, StoreEvent};

/// Flags that a test sets at will, and that remember what was asked of them.
///
/// It needs neither store nor runtime: a change is in force when the call returns. Behind it is everything that is behind
/// flags with a store, so rules, reasons, handles, events and subscriptions are the real ones. Clones are the same flags;
/// give each test its own.
///
/// ```
/// use handover_flags::testing::FakeFlags;
///
/// let fake = FakeFlags::new(&[("scan_creation", true)]);
/// let scans = fake.flags().handle("scan_creation");
/// assert!(scans.get());
///
/// fake.set("scan_creation", false);
/// assert!(!scans.get());
/// assert!(fake.with_flag("scan_creation", true, || scans.get()));
/// assert!(!scans.get());
///
/// let asked: Vec<_> = fake.record().into_iter().map(|read| (read.flag, read.on)).collect();
/// assert_eq!(asked.len(), 4);
/// assert_eq!(asked[0], ("scan_creation".to_owned(), true));
/// ```
#[derive(Clone)]
pub struct FakeFlags {
    flags: Flags,
    intake: Arc<Mutex<Intake>>,
}

impl FakeFlags {
    /// These flags, on or off; every other name is unknown until it is set.
    ///
    /// # Panics
    ///
    /// A name is no name of a flag.
    pub fn new(flags: &[(&str, bool)]) -> Self {
        let (flags, intake) = begin("fake", flags);
        flags.shared.record_reads();
        Self { flags, intake: Arc::new(Mutex::new(intake)) }
    }

    /// The flags, for the code under test. Clones are the same flags.
    pub fn flags(&self) -> &Flags {
        &self.flags
    }

    /// Switches a flag, as `redis-cli SET feature:<flag>` does: rules that it has stay, and decide while it is on.
    ///
    /// # Panics
    ///
    /// As for [`new`](Self::new).
    pub fn set(&self, flag: &str, on: bool) {
        self.change(vec![(gate(flag), Some(held(on)))]);
    }

    /// Gives a flag rules, and leaves its gate as it is.
    ///
    /// # Panics
    ///
    /// The document makes no sense, or the name is none.
    #[expect(clippy::panic, reason = "a document in a test that cannot be read is a mistake of the test")]
    pub fn set_rules(&self, flag: &str, document: &str) {
        let key = Key::Rules(name(flag));
        if let Some(objection) = key.objection(document) {
            panic!("{key}: {objection}");
        }
        self.change(vec![(key, Some(Held::from(document)))]);
    }

    /// Forgets a flag and its rules: the name is unknown then.
    ///
    /// # Panics
    ///
    /// As for [`new`](Self::new).
    pub fn remove(&self, flag: &str) {
        self.change(keys(flag).map(|key| (key, None)).into());
    }

    /// Runs something while a flag is on, or off, for everybody, whatever rules it has; then it is as before, after a
    /// panic too.
    ///
    /// Every clone and thread sees it meanwhile. See [`hold`](Self::hold) for what awaits.
    ///
    /// # Panics
    ///
    /// As for [`new`](Self::new), and where `run` does.
    pub fn with_flag<T>(&self, flag: &str, on: bool, run: impl FnOnce() -> T) -> T {
        let _held = self.hold(flag, on);
        run()
    }

    /// As [`with_flag`](Self::with_flag), until the value is dropped.
    ///
    /// # Panics
    ///
    /// As for [`new`](Self::new).
    #[must_use = "the flag is as before once this is dropped"]
    pub fn hold(&self, flag: &str, on: bool) -> HeldFlag {
        let before = self.contents();
        let before =
            keys(flag).map(|key| (before.values.get(&key).cloned(), key)).map(|(held, key)| (key, held));
        let [gate, rules] = keys(flag);
        self.change(vec![(gate, Some(held(on))), (rules, None)]);
        HeldFlag { fake: self.clone(), before: before.into() }
    }

    /// Each read so far, in order. Of more than 100,000 the first.
    pub fn record(&self) -> Vec<Recorded> {
        self.flags.shared.recorded()
    }

    /// Forgets what was read so far.
    pub fn forget(&self) {
        self.flags.shared.forget_recorded();
    }

    fn contents(&self) -> Contents {
        self.with_intake(|intake| intake.snapshot())
    }

    fn change(&self, changes: Vec<(Key, Option<Held>)>) {
        self.with_intake(|intake| {
            let revision = Some(Revision(intake.revision().unwrap_or_default().0 + 1));
            intake.take(StoreEvent::Changed { changes, revision, as_of: Instant::now() });
        });
    }

    fn with_intake<T>(&self, work: impl FnOnce(&mut Intake) -> T) -> T {
        work(&mut self.intake.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

fn keys(flag: &str) -> [Key; 2] {
    [gate(flag), Key::Rules(name(flag))]
}

impl fmt::Debug for FakeFlags {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("FakeFlags").field("contents", &self.contents().values).finish_non_exhaustive()
    }
}

/// A flag that is on, or off, for everybody for as long as this lives.
#[derive(Debug)]
pub struct HeldFlag {
    fake: FakeFlags,
    before: Vec<(Key, Option<Held>)>,
}

impl Drop for HeldFlag {
    fn drop(&mut self) {
        self.fake.change(std::mem::take(&mut self.before));
    }
}
