//! What the points are written with: bounded calls whose failures are outcomes already.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use tokio::time::timeout;

use super::{Follower, Outcome, Subject};
use crate::{
    AuditEntry, Capabilities, Change, Contents, FlagName, FlagStore, Held, Key, Receipt, Revision, StoreError,
};

/// A step of a point; `Err` ends the point with that outcome.
pub(super) type Check<T = ()> = Result<T, Outcome>;

/// What every change of the kit says of itself.
pub(super) const WHO: &str = "the conformance kit";

pub(super) fn broken<T>(how: impl Into<String>) -> Check<T> {
    Err(Outcome::Broken(how.into()))
}

/// Ends the point where the store does not claim what it is about.
pub(super) fn claimed(claims: bool, what: &'static str) -> Check {
    if claims { Ok(()) } else { Err(Outcome::NotClaimed(what)) }
}

/// Breaks the promise unless this is so.
pub(super) fn ensure(holds: bool, how: impl FnOnce() -> String) -> Check {
    if holds { Ok(()) } else { broken(how()) }
}

/// Runs a point, then takes away what it put there.
pub(super) async fn judge<'a, F>(subject: &'a dyn Subject, point: impl FnOnce(Arc<Desk<'a>>) -> F) -> Outcome
where
    F: Future<Output = Check> + Send,
{
    let desk = Arc::new(Desk { subject, store: subject.store(), keys: Mutex::default() });
    let outcome = point(Arc::clone(&desk)).await.err().unwrap_or(Outcome::Held);
    match desk.clear().await {
        Err(Outcome::Broken(how)) if !outcome.is_broken() => {
            Outcome::Broken(format!("what the kit put there could not be taken away: {how}"))
        }
        _ => outcome,
    }
}

/// The subject, seen through bounded calls.
pub(super) struct Desk<'a> {
    pub(super) subject: &'a dyn Subject,
    pub(super) store: Arc<dyn FlagStore>,
    keys: Mutex<Vec<Key>>,
}

impl Desk<'_> {
    pub(super) fn can(&self) -> Capabilities {
        self.store.capabilities()
    }

    /// A gate that nobody has.
    pub(super) fn gate(&self) -> Key {
        self.remember(Key::Gate(fresh("")))
    }

    /// One key of each kind, that nobody has.
    pub(super) fn each_kind(&self) -> [Key; 3] {
        [Key::Gate(fresh("")), Key::Rules(fresh("")), Key::Segment(fresh(""))].map(|key| self.remember(key))
    }

    /// A gate with this in its name.
    pub(super) fn odd_gate(&self, odd: &str) -> Key {
        self.remember(Key::Gate(fresh(odd)))
    }

    fn remember(&self, key: Key) -> Key {
        self.keys.lock().unwrap_or_else(PoisonError::into_inner).push(key.clone());
        key
    }

    /// Runs a call; one that outlasts the subject's patience is stuck.
    pub(super) async fn within<T>(&self, what: &str, call: impl Future<Output = T>) -> Check<T> {
        let patience = self.subject.patience();
        match timeout(patience, call).await {
            Ok(done) => Ok(done),
            Err(_) => broken(format!("{what} did not return within {patience:?}")),
        }
    }

    /// A call that has to succeed.
    pub(super) async fn done<T>(
        &self,
        what: &str,
        call: impl Future<Output = Result<T, StoreError>>,
    ) -> Check<T> {
        match self.within(what, call).await? {
            Ok(done) => Ok(done),
            Err(error) => broken(format!("{what}: {}", error.in_full())),
        }
    }

    pub(super) async fn load(&self) -> Check<Contents> {
        self.done("a load", self.store.load()).await
    }

    pub(super) async fn put(&self, key: &Key, text: &str) -> Check<Receipt> {
        self.done(&format!("a put of {}", shown(text)), self.store.put(key, text, &Change::by(WHO))).await
    }

    pub(super) async fn remove(&self, key: &Key) -> Check<Receipt> {
        self.done("a removal", self.store.remove(key, &Change::by(WHO))).await
    }

    /// The audit's lines about a key, newest first.
    pub(super) async fn audit(&self, key: &Key) -> Check<Vec<AuditEntry>> {
        let lines = self.done("the audit", self.store.audit(1_000)).await?;
        Ok(lines.into_iter().filter(|line| line.key == *key).collect())
    }

    /// What a load finds under a key.
    pub(super) async fn loaded(&self, key: &Key) -> Check<Option<Held>> {
        Ok(self.load().await?.values.remove(key))
    }

    pub(super) async fn loads(&self, key: &Key, wanted: Option<&str>, when: &str) -> Check {
        let found = self.loaded(key).await?;
        ensure(found == wanted.map(Held::from), || {
            format!("{when}, a load finds {} and not {}", held(found.as_ref()), said(wanted))
        })
    }

    pub(super) async fn write_past(&self, key: &Key, text: Option<&str>) -> Check<bool> {
        self.within("a write past the store", self.subject.write_past(key, text.map(str::as_bytes))).await
    }

    /// A watch that has told what there is.
    pub(super) async fn follower(&self) -> Check<Follower> {
        let mut follower = Follower::of(&*self.store);
        self.hears(&mut follower, "a new watch tells what there is", |follower| follower.state().is_some())
            .await?;
        Ok(follower)
    }

    /// Takes events until something holds, or breaks the promise that it does.
    pub(super) async fn hears(
        &self,
        follower: &mut Follower,
        what: &str,
        holds: impl Fn(&Follower) -> bool,
    ) -> Check {
        match follower.until(self.subject.patience(), holds).await {
            Ok(()) => Ok(()),
            Err(why) => broken(format!("{what}: {why}")),
        }
    }

    /// The watch comes to tell this of a key.
    pub(super) async fn is_told(&self, follower: &mut Follower, key: &Key, wanted: Option<&str>) -> Check {
        let wanted = wanted.map(Held::from);
        let told =
            follower.until(self.subject.patience(), |follower| follower.held(key) == wanted.as_ref()).await;
        told.or_else(|why| {
            let (last, wanted) = (held(follower.held(key)), held(wanted.as_ref()));
            broken(format!("the last that a watch told is {last}, and {wanted} stands there: {why}"))
        })
    }

    /// Makes sure that all that was to be told has been: what comes after it has.
    pub(super) async fn is_told_all(&self, follower: &mut Follower) -> Check {
        let last = self.gate();
        self.put(&last, "last").await?;
        self.is_told(follower, &last, Some("last")).await
    }

    async fn clear(&self) -> Check {
        self.within("the mending of the way", self.subject.heal()).await?;
        let keys = std::mem::take(&mut *self.keys.lock().unwrap_or_else(PoisonError::into_inner));
        if !self.can().writes {
            return Ok(());
        }
        let there = self.load().await?.values;
        for key in keys.iter().filter(|key| there.contains_key(*key)) {
            self.remove(key).await?;
        }
        Ok(())
    }
}

/// What the watch knows, or breaks the promise that it comes in order.
pub(super) fn in_order<T>(step: Result<T, String>) -> Check<T> {
    step.or_else(broken)
}

/// A name that no earlier run used.
fn fresh(odd: &str) -> FlagName {
    static NEXT: AtomicU64 = AtomicU64::new(0);
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default().as_millis();
    let number = NEXT.fetch_add(1, Ordering::Relaxed);
    let name = format!("conformance-{}-{since}-{number}{odd}", std::process::id());
    FlagName::new(&name).unwrap_or_else(|_| fresh(""))
}

pub(super) fn numbered(receipt: &Receipt) -> Check<Revision> {
    receipt.revision.map_or_else(|| broken("revisions are claimed, and a receipt has none"), Ok)
}

/// A text, short enough for a report.
pub(super) fn shown(text: &str) -> String {
    if text.len() > 40 {
        format!("{} bytes of text", text.len())
    } else {
        format!("`{}`", text.escape_debug())
    }
}

fn said(text: Option<&str>) -> String {
    text.map_or_else(|| "nothing".to_owned(), shown)
}

pub(super) fn held(held: Option<&Held>) -> String {
    match held {
        Some(Held::Unreadable(why)) => format!("something unreadable ({why})"),
        other => said(other.and_then(Held::text)),
    }
}

/// Long enough for a timed value to lapse when it has a third of it to live.
pub(super) const LAPSE: Duration = Duration::from_millis(300);
