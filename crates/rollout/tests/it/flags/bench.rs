//! A run on the simulated world with a store of flags that can be made to fail.

use std::collections::BTreeMap;
use std::future::pending;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use handover_flags::{
    AuditEntry, Capabilities, Change, Contents, FlagName, FlagStore, Held, Key, MemoryStore, Receipt,
    StoreError, Watch,
};
use handover_rollout::{FlagChange, FlagMoment, OnRollback, Outcome, Plan, RunFlags, World};
use handover_runbook::{Body, Record};

use crate::carried_out::Run;
use crate::sim::{Candidate, Sim, futures_now};

pub(crate) fn change(flag: &str, to: bool, at: FlagMoment, on_rollback: OnRollback) -> FlagChange {
    FlagChange { flag: name(flag), to, at, on_rollback }
}

pub(crate) fn name(flag: &str) -> FlagName {
    FlagName::new(flag).unwrap()
}

/// How a store behaves.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Mood {
    Well,
    /// Nobody answers, and that is known at once.
    Away,
    /// Nobody answers, and nothing says so.
    Silent,
    /// It answers, and says no to every change.
    ReadOnly,
    /// It makes each change, and its answer is lost.
    Forgetful,
    /// It can be read, and is silent to every change.
    Stuck,
    /// It says that each change is made, and makes none.
    Lying,
}

/// A store in memory that can be made to fail, and that somebody else may be quick to change.
#[derive(Debug, Clone)]
pub(crate) struct Fickle {
    pub(crate) inner: MemoryStore,
    mood: Arc<Mutex<Mood>>,
    audits: bool,
    /// How often it was asked anything since its mood last changed.
    asked: Arc<AtomicU32>,
    /// What a person sets as soon as the run has set the flag.
    reaction: Arc<Mutex<BTreeMap<FlagName, Option<bool>>>>,
    /// What a person sets between the run's next look and what it does about it.
    race: Arc<Mutex<Option<(FlagName, bool)>>>,
}

impl Fickle {
    pub(crate) fn new(inner: MemoryStore) -> Self {
        Self {
            inner,
            mood: Arc::new(Mutex::new(Mood::Well)),
            audits: true,
            asked: Arc::default(),
            reaction: Arc::default(),
            race: Arc::default(),
        }
    }

    /// The same, without an audit.
    pub(crate) fn forgetting(self) -> Self {
        Self { audits: false, ..self }
    }

    pub(crate) fn becomes(&self, mood: Mood) {
        *self.mood.lock().unwrap() = mood;
        self.asked.store(0, Ordering::Relaxed);
    }

    pub(crate) fn asked(&self) -> u32 {
        self.asked.load(Ordering::Relaxed)
    }

    /// Somebody sets `flag` to this once, right after the run has changed it.
    pub(crate) fn reacts(&self, flag: &str, to: Option<bool>) {
        self.reaction.lock().unwrap().insert(name(flag), to);
    }

    /// Somebody sets `flag` right after the run has looked, and before it acts on that.
    pub(crate) fn races(&self, flag: &str, to: bool) {
        *self.race.lock().unwrap() = Some((name(flag), to));
    }

    /// Somebody else changes a flag.
    pub(crate) fn person(&self, flag: &FlagName, to: Option<bool>) {
        let (key, by) = (Key::Gate(flag.clone()), Change::by("ana"));
        let made = match to {
            Some(on) => futures_now(self.inner.put(&key, if on { "true" } else { "false" }, &by)),
            None => futures_now(self.inner.remove(&key, &by)),
        };
        made.unwrap();
    }

    async fn mood(&self) -> Result<Mood, StoreError> {
        self.asked.fetch_add(1, Ordering::Relaxed);
        let mood = *self.mood.lock().unwrap();
        match mood {
            Mood::Away => Err(StoreError::Unreachable {
                store: "redis://cache:6379".into(),
                source: "connection refused".into(),
            }),
            Mood::Silent => pending().await,
            mood => Ok(mood),
        }
    }

    async fn mood_to_change(&self) -> Result<Mood, StoreError> {
        match self.mood().await? {
            Mood::Stuck => pending().await,
            mood => Ok(mood),
        }
    }

    fn answer(
        &self,
        mood: Mood,
        key: &Key,
        made: impl FnOnce() -> Result<Receipt, StoreError>,
    ) -> Result<Receipt, StoreError> {
        let store = || "redis://cache:6379".to_owned();
        if mood == Mood::ReadOnly {
            return Err(StoreError::Refused { store: store(), source: "READONLY".into() });
        }
        if mood == Mood::Lying {
            return Ok(Receipt { revision: None, before: None });
        }
        let receipt = made()?;
        if let Some(to) = self.reaction.lock().unwrap().remove(key.name()) {
            self.person(key.name(), to);
        }
        match mood {
            Mood::Forgetful => {
                Err(StoreError::Unconfirmed { store: store(), source: "connection reset".into() })
            }
            _ => Ok(receipt),
        }
    }
}

#[async_trait]
impl FlagStore for Fickle {
    fn name(&self) -> String {
        "redis://cache:6379".into()
    }

    fn capabilities(&self) -> Capabilities {
        Capabilities { audit: self.audits, ..Capabilities::ALL }
    }

    async fn load(&self) -> Result<Contents, StoreError> {
        self.mood().await?;
        let seen = self.inner.load().await;
        if let Some((flag, to)) = self.race.lock().unwrap().take() {
            self.person(&flag, Some(to));
        }
        seen
    }

    async fn put(&self, key: &Key, text: &str, change: &Change) -> Result<Receipt, StoreError> {
        let mood = self.mood_to_change().await?;
        self.answer(mood, key, || futures_now(self.inner.put(key, text, change)))
    }

    async fn remove(&self, key: &Key, change: &Change) -> Result<Receipt, StoreError> {
        let mood = self.mood_to_change().await?;
        self.answer(mood, key, || futures_now(self.inner.remove(key, change)))
    }

    fn watch(&self) -> Watch {
        self.inner.watch()
    }

    async fn audit(&self, newest: usize) -> Result<Vec<AuditEntry>, StoreError> {
        self.mood().await?;
        self.inner.audit(newest).await
    }
}

/// Everything about a run with flags.
pub(crate) struct FlagBench {
    pub(crate) sim: Sim,
    pub(crate) run: Run,
    pub(crate) store: Fickle,
}

impl FlagBench {
    pub(crate) async fn new(plan: Plan, before: &[(&str, bool)], candidate: Candidate) -> Self {
        Self::on(plan, Fickle::new(MemoryStore::with(before)), candidate).await
    }

    pub(crate) async fn on(plan: Plan, store: Fickle, candidate: Candidate) -> Self {
        Self { sim: Sim::with_stable(candidate).await, run: Run::sealed(plan).await, store }
    }

    pub(crate) async fn world(&self) -> World {
        let flags = Arc::new(RunFlags::new(Arc::new(self.store.clone()), &self.run.records().await));
        World { flags: Some(flags), ..self.sim.world() }
    }

    pub(crate) async fn drive(&self) -> Outcome {
        self.run.drive_in(&self.world().await).await
    }

    /// What the story says of flags.
    pub(crate) async fn told(&self) -> String {
        let chapters = self.run.story().await.chapters.into_iter();
        let of_flags = chapters.filter(|c| c.step.as_ref().is_some_and(|step| step.starts_with("flags-")));
        let lines = of_flags.map(|c| format!("{}: {}", c.step.unwrap_or_default(), c.what));
        lines.collect::<Vec<_>>().join("\n")
    }
}

/// Every flag in the store, as `a=true b=false`.
pub(crate) fn values(store: &Fickle) -> String {
    let contents = futures_now(store.inner.load()).unwrap();
    let said = contents.values.iter().map(|(key, held)| {
        let text = match held {
            Held::Text(text) => text.to_string(),
            Held::Unreadable(why) => why.to_string(),
        };
        format!("{}={text}", key.name())
    });
    said.collect::<Vec<_>>().join(" ")
}

/// The steps in the order in which they were done, or given up.
pub(crate) fn steps(records: &[Record]) -> String {
    let done = records.iter().filter_map(|record| match &record.body {
        Body::Verified { step, .. } | Body::Proceeded { step, .. } => Some(step.to_string()),
        Body::Failed { step, .. } => Some(format!("{step} failed")),
        Body::Turned { .. } => Some("-- back".into()),
        _ => None,
    });
    done.collect::<Vec<_>>().join(", ")
}
