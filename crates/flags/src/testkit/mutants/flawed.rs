use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use async_trait::async_trait;
use tokio::task::yield_now;

use super::twist::Twist;
use super::{Flaw, SECRET};
use crate::testkit::{Breakable, Model};
use crate::{
    AuditEntry, Capabilities, Change, Contents, FlagName, FlagStore, Held, Key, LastUse, MemoryStore,
    Receipt, Revision, Seen, StoreError, Usage, Watch,
};

/// Where numbers begin that go down.
const TOP: u64 = 1_000_000;

/// The store of a [`Mutant`](super::Mutant): right but for one thing.
pub(super) struct Flawed {
    flaw: Flaw,
    way: Breakable,
    memory: MemoryStore,
    signs: Arc<Signs>,
}

/// What the mutant remembers.
#[derive(Default)]
pub(super) struct Signs {
    /// What stood there before the last change.
    stale: Mutex<Option<Contents>>,
    /// The number of the first change.
    first: Mutex<Option<Revision>>,
    /// What was written past it.
    outside: Mutex<BTreeSet<(Key, String)>>,
}

impl Signs {
    fn outside(&self) -> MutexGuard<'_, BTreeSet<(Key, String)>> {
        self.outside.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Whether this came from outside.
    pub(super) fn is_outside(&self, key: &Key, held: Option<&Held>) -> bool {
        self.outside().contains(&(key.clone(), format!("{held:?}")))
    }
}

impl Flawed {
    pub(super) fn new(flaw: Flaw, model: &Model) -> Self {
        Self { flaw, way: model.way().clone(), memory: model.memory().clone(), signs: Arc::default() }
    }

    pub(super) fn written_past(&self, key: &Key, held: Option<&Held>) {
        self.signs.outside().insert((key.clone(), format!("{held:?}")));
    }

    fn is(&self, flaw: Flaw) -> bool {
        self.flaw == flaw
    }

    /// What somebody makes of the text who means well.
    fn misread<'a>(&self, text: &'a str) -> &'a str {
        match self.flaw {
            Flaw::Trims => text.trim(),
            Flaw::Normalises if text.eq_ignore_ascii_case("true") => "true",
            Flaw::CutsOff if text.len() > 1_000 => text.get(..1_000).unwrap_or(""),
            _ => text,
        }
    }

    fn unsupported(&self) -> StoreError {
        if self.is(Flaw::CallsRefused) {
            StoreError::Refused { store: self.name(), source: "it cannot be timed".into() }
        } else {
            self.cannot("forget a value by itself after a time")
        }
    }

    /// The change as somebody reads it who overlooks one part of it.
    fn overlooked(&self, change: &Change) -> Change {
        let mut read = change.clone();
        match self.flaw {
            Flaw::Overwrites | Flaw::ChangesAndErrs | Flaw::LooksFirst => read.only_if = None,
            Flaw::AuditsNoReason => read.reason = None,
            Flaw::AcceptsTimed | Flaw::NeverLapses => read.expires = None,
            _ => {}
        }
        read
    }

    async fn conflict(&self, key: &Key, change: &Change) -> Result<Option<StoreError>, StoreError> {
        let found = self.way.load().await?.values.remove(key);
        let conflict = change.only_if.as_ref().is_some_and(|wanted| *wanted != found);
        Ok(conflict.then(|| StoreError::Conflict { key: key.clone(), found }))
    }

    async fn change(&self, key: &Key, text: Option<&str>, change: &Change) -> Result<Receipt, StoreError> {
        self.remember().await?;
        let conflict = self.conflict(key, change).await?;
        if let Some(refusal) = self.refusal(key, text, change, conflict.as_ref()).await? {
            return Err(refusal);
        }
        if self.is(Flaw::Forgets) {
            return Ok(Receipt { revision: Some(Revision(1)), before: None });
        }
        let made = self.make(key, text, change).await?;
        match conflict {
            Some(conflict) if self.is(Flaw::ChangesAndErrs) => Err(conflict),
            _ if self.is(Flaw::DoesUnsupported) && change.expires.is_some() => Err(self.unsupported()),
            _ => Ok(self.receipt(made)),
        }
    }

    /// What it says where it does not even try.
    async fn refusal(
        &self,
        key: &Key,
        text: Option<&str>,
        change: &Change,
        conflict: Option<&StoreError>,
    ) -> Result<Option<StoreError>, StoreError> {
        let nothing = || StoreError::Conflict { key: key.clone(), found: None };
        Ok(match self.flaw {
            Flaw::Distrusts => change.only_if.is_some().then(nothing),
            Flaw::HidesFound => conflict.map(|_| nothing()),
            Flaw::CallsRefused => change.expires.is_some().then(|| self.unsupported()),
            Flaw::InsistsOnSomething if text.is_none() && self.nothing_at(key).await? => {
                Some(StoreError::Refused { store: self.name(), source: "nothing stands there".into() })
            }
            Flaw::LooksFirst if conflict.is_some() => self.conflict(key, change).await?,
            Flaw::LooksFirst => {
                yield_now().await;
                None
            }
            _ => None,
        })
    }

    async fn nothing_at(&self, key: &Key) -> Result<bool, StoreError> {
        Ok(!self.way.load().await?.values.contains_key(key))
    }

    async fn remember(&self) -> Result<(), StoreError> {
        let before = self.way.load().await?;
        *self.signs.stale.lock().unwrap_or_else(PoisonError::into_inner) = Some(before);
        Ok(())
    }

    async fn make(&self, key: &Key, text: Option<&str>, change: &Change) -> Result<Receipt, StoreError> {
        let read = self.overlooked(change);
        if let (Flaw::LapsesNewer, Some(after)) = (self.flaw, read.expires) {
            let (memory, key) = (self.memory.clone(), key.clone());
            tokio::spawn(async move {
                tokio::time::sleep(after).await;
                memory.write_past(&key, None);
            });
        }
        match text {
            Some(text) => self.way.put(key, self.misread(text), &read).await,
            None if self.is(Flaw::Empties) => self.way.put(key, "", &read).await,
            None => self.way.remove(key, &read).await,
        }
    }

    fn receipt(&self, made: Receipt) -> Receipt {
        let mut first = self.signs.first.lock().unwrap_or_else(PoisonError::into_inner);
        let first = *first.get_or_insert(made.revision.unwrap_or_default());
        match self.flaw {
            Flaw::ForgetsBefore => Receipt { before: None, ..made },
            Flaw::Sinks => Receipt { revision: made.revision.map(|Revision(up)| Revision(TOP - up)), ..made },
            Flaw::StandsStill => Receipt { revision: Some(first), ..made },
            _ => made,
        }
    }

    fn misremember(&self, mut lines: Vec<AuditEntry>, newest: usize) -> Vec<AuditEntry> {
        match self.flaw {
            Flaw::AuditsNoRemoval => lines.retain(|line| line.after.is_some()),
            Flaw::AuditsTwice => lines = lines.into_iter().flat_map(|line| [line.clone(), line]).collect(),
            Flaw::AuditsNoBefore => lines.iter_mut().for_each(|line| line.before = None),
            Flaw::AuditsOldest => lines.reverse(),
            _ => {}
        }
        lines.truncate(newest);
        lines
    }

    fn leak(&self, error: StoreError) -> StoreError {
        if !self.is(Flaw::LeaksInError) {
            return error;
        }
        let source = format!("redis://me:{SECRET}@db:6379: connection refused").into();
        StoreError::Unreachable { store: self.name(), source }
    }
}

impl fmt::Debug for Flawed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let password = if self.is(Flaw::LeaksInDebug) { SECRET } else { "***" };
        f.debug_struct("Flawed")
            .field("flaw", &self.flaw)
            .field("password", &password)
            .finish_non_exhaustive()
    }
}

#[async_trait]
impl FlagStore for Flawed {
    fn name(&self) -> String {
        let password = if self.is(Flaw::LeaksInName) { SECRET } else { "***" };
        format!("redis://me:{password}@db:6379")
    }

    fn capabilities(&self) -> Capabilities {
        self.flaw.claims()
    }

    async fn load(&self) -> Result<Contents, StoreError> {
        let mut contents = self.way.load().await.map_err(|error| self.leak(error))?;
        if self.is(Flaw::LoadsStale) {
            let stale = self.signs.stale.lock().unwrap_or_else(PoisonError::into_inner);
            return Ok(stale.clone().unwrap_or(contents));
        }
        if self.is(Flaw::SkipsMalformed) {
            contents.values.retain(|key, held| held.text().is_some_and(|text| key.objection(text).is_none()));
        }
        Ok(contents)
    }

    async fn put(&self, key: &Key, text: &str, change: &Change) -> Result<Receipt, StoreError> {
        self.change(key, Some(text), change).await
    }

    async fn remove(&self, key: &Key, change: &Change) -> Result<Receipt, StoreError> {
        self.change(key, None, change).await
    }

    fn watch(&self) -> Watch {
        let twist = Twist::new(self.flaw, Arc::clone(&self.signs));
        let inner = self.way.watch();
        Watch::spawn(|teller| async move {
            // It ends when nobody listens any more.
            let _ = twist.pass_on(inner, teller).await;
        })
    }

    async fn audit(&self, newest: usize) -> Result<Vec<AuditEntry>, StoreError> {
        Ok(self.misremember(self.way.audit(usize::MAX).await?, newest))
    }

    async fn report_seen(&self, seen: &Seen) -> Result<(), StoreError> {
        self.way.report_seen(seen).await
    }

    async fn seen(&self) -> Result<Vec<Seen>, StoreError> {
        if self.is(Flaw::Boasts) { Err(self.cannot("tell who has seen what")) } else { self.way.seen().await }
    }

    async fn report_usage(&self, usage: &Usage) -> Result<(), StoreError> {
        self.way.report_usage(usage).await
    }

    async fn usage(&self) -> Result<BTreeMap<FlagName, LastUse>, StoreError> {
        self.way.usage().await
    }

    async fn accept(&self, change: &Change) -> Result<(), StoreError> {
        self.way.accept(change).await
    }
}
