//! Flags of the run: set on the way forward, put back or turned off on the way back. `crate::flags` argues the rules.

mod owed;
mod verdict;

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use async_trait::async_trait;
use handover_core::Retry;
use handover_flags::{Change, FlagName, Held, StoreError};
use handover_runbook::{Effect, Op, StepError, StepName};
use serde_json::{Value, json};

use super::refused;
use crate::flags::{
    FORWARD_LIMIT, FlagChange, FlagFate, FlagMoment, OnRollback, RunFlags, Values, Written, intent,
    kill_step, restore_step,
};
use crate::{Plan, World};
use verdict::{Verdict, killed, restored, set};

/// Between two tries on the way back.
const BACK_PAUSE: Duration = Duration::from_secs(1);

/// A gate's text that is longer is nobody's switch, and the journal would keep it.
const LONGEST: usize = 256;

/// What a step does about flags.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum FlagJob {
    Set(FlagMoment),
    Kill,
    Restore,
}

impl FlagJob {
    pub(crate) fn step(self) -> StepName {
        match self {
            Self::Set(moment) => moment.step(),
            Self::Kill => kill_step(),
            Self::Restore => restore_step(),
        }
    }

    /// Whether this flag is its business.
    pub(crate) fn concerns(self, change: &FlagChange) -> bool {
        match self {
            Self::Set(moment) => change.at == moment,
            Self::Kill => change.on_rollback == OnRollback::Kill,
            Self::Restore => change.on_rollback != OnRollback::Kill,
        }
    }

    const fn is_forward(self) -> bool {
        matches!(self, Self::Set(_))
    }
}

/// Changes flags of the run.
#[derive(Debug)]
pub(crate) struct Flags {
    plan: Arc<Plan>,
    world: World,
    job: FlagJob,
    seen: Mutex<Seen>,
}

/// What was found when it was last looked, and what is to be done about it.
#[derive(Debug, Default)]
struct Seen {
    found: Values,
    pending: Vec<FlagChange>,
}

impl Flags {
    pub(crate) fn new(plan: Arc<Plan>, world: World, job: FlagJob) -> Self {
        Self { plan, world, job, seen: Mutex::default() }
    }

    fn changes(&self) -> impl Iterator<Item = &FlagChange> {
        self.plan.flags.iter().filter(|change| self.job.concerns(change))
    }

    fn store(&self) -> Result<&RunFlags, StepError> {
        let given = self.world.flags.as_deref();
        given.ok_or_else(|| refused("could not change flags", "nobody said where they are kept"))
    }

    fn seen(&self) -> MutexGuard<'_, Seen> {
        self.seen.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn limit(&self, store: &RunFlags) -> Duration {
        if self.job.is_forward() { FORWARD_LIMIT } else { store.back_limit() }
    }
}

#[async_trait]
impl Effect for Flags {
    fn want(&self) -> Value {
        let all = |text: fn(&FlagChange) -> &'static str| {
            let values = self.changes().map(|change| (change.flag.clone(), Some(text(change).to_owned())));
            intent(&values.collect())
        };
        match self.job {
            FlagJob::Set(_) => all(FlagChange::text),
            FlagJob::Kill => all(|_| "false"),
            FlagJob::Restore => json!({ "now": "what it was before the run" }),
        }
    }

    fn suffices(&self, found: &Value) -> bool {
        FlagFate::all_in(found).is_some()
    }

    /// What became of each flag, once there is nothing left to do; until then what was found at first. So a change that
    /// was half made is gone on with, and is nobody's conflict.
    async fn observe(&self) -> Result<Value, StepError> {
        let store = self.store()?;
        if !self.owes(store) {
            return Ok(FlagFate::proof(&self.kept(store)));
        }
        let now = self.now(store).await?;
        let names = self.changes().map(|change| &change.flag);
        let written = store.written(names, &self.plan.run, self.limit(store)).await;
        let found = store.found_by(&self.job.step()).unwrap_or_else(|| now.clone());
        let (mut fates, mut pending) = (BTreeMap::new(), Vec::new());
        for change in self.changes() {
            let written = written.get(&change.flag).copied().unwrap_or(Written::No);
            match self.verdict(store, change, [&found, &now].map(|values| value_in(values, change)), written)
            {
                Verdict::Settled(fate) => drop(fates.insert(change.flag.clone(), fate)),
                Verdict::Pending => pending.push(change.clone()),
                Verdict::Nothing => {}
            }
        }
        // A store that takes changes and makes none of them is given up too.
        if !pending.is_empty() && !self.job.is_forward() && store.back_is_over() {
            for change in &pending {
                store.memory().set_owed(&change.flag);
            }
            return Err(refused(
                self.left_to_do(store),
                "the store says that it changed them, and it did not",
            ));
        }
        let seen = if pending.is_empty() { FlagFate::proof(&fates) } else { intent(&found) };
        *self.seen() = Seen { found, pending };
        Ok(seen)
    }

    async fn apply(&self, _: &Op) -> Result<(), StepError> {
        let store = self.store()?;
        let Seen { found, pending } = std::mem::take(&mut *self.seen());
        store.memory().keep_found(&self.job.step(), found.clone());
        let mut refused = None;
        for change in &pending {
            if let Err(error) = self.make(store, change, &found).await {
                // What one flag is refused says nothing of the next, but a store that is away has no other answer.
                let away = matches!(error, StoreError::Unreachable { .. } | StoreError::Unconfirmed { .. });
                if away || self.job.is_forward() {
                    return Err(self.failed(store, error));
                }
                refused.get_or_insert(error);
            }
        }
        refused.map_or(Ok(()), |error| Err(self.failed(store, error)))
    }
}

fn value_in<'a>(values: &'a Values, change: &FlagChange) -> Option<&'a str> {
    values.get(&change.flag)?.as_deref()
}

impl Flags {
    fn verdict(
        &self,
        store: &RunFlags,
        change: &FlagChange,
        [found, now]: [Option<&str>; 2],
        written: Written,
    ) -> Verdict {
        match self.job {
            FlagJob::Set(_) => set(change, found, now, written),
            FlagJob::Kill => killed(found, now, store.memory().is_undone(&change.flag)),
            FlagJob::Restore => restored(change, store.memory().before(change), now, written),
        }
    }

    async fn now(&self, store: &RunFlags) -> Result<Values, StepError> {
        let names = self.changes().map(|change| &change.flag);
        let now = store.now(names, self.limit(store)).await;
        let now = now.map_err(|error| self.failed(store, error))?;
        if let Some((flag, because)) =
            now.iter().find_map(|(flag, held)| Some((flag, unfit(held.as_ref()?)?)))
            && self.job.is_forward()
        {
            return Err(refused(format!("could not set flag {flag}"), because));
        }
        Ok(now.into_iter().map(|(flag, held)| (flag, held.map(text))).collect())
    }

    /// Changes one flag. That somebody else was faster is no error: what they made of it is seen at the next look.
    async fn make(&self, store: &RunFlags, change: &FlagChange, found: &Values) -> Result<(), StoreError> {
        let (to, only_if) = match self.job {
            FlagJob::Set(_) => {
                (Some(change.text().to_owned()), Some(value_in(found, change).map(Held::from)))
            }
            // Off is off, whatever it was until now.
            FlagJob::Kill => (Some("false".to_owned()), None),
            FlagJob::Restore => {
                let before = store.memory().before(change).map(str::to_owned);
                (before, Some(Some(Held::from(change.text()))))
            }
        };
        let terms = Change { only_if, ..self.terms() };
        let made = store.write(&change.flag, to.as_deref(), &terms, self.limit(store)).await;
        self.remember(store, &change.flag, &made);
        match made {
            Ok(_) | Err(StoreError::Conflict { .. }) => Ok(()),
            Err(error) => Err(error),
        }
    }

    fn remember<T>(&self, store: &RunFlags, flag: &FlagName, made: &Result<T, StoreError>) {
        let mut memory = store.memory();
        match (made, self.job.is_forward()) {
            (Ok(_), true) => memory.set_written(flag, Written::Yes),
            (Err(StoreError::Unconfirmed { .. }), true) => memory.set_written(flag, Written::Unknown),
            (Ok(_) | Err(StoreError::Conflict { .. }), false) => memory.set_undone(flag),
            (Err(_), _) => {}
        }
    }

    fn terms(&self) -> Change {
        let Plan { by, run, candidate, .. } = &*self.plan;
        let what = if self.job.is_forward() { "deployment" } else { "rollback" };
        Change::by(by).because(format!("{what} of {candidate}")).in_run(run.as_str())
    }

    /// On the way back it is tried for a while only, and what is left to do is said with what to type.
    fn failed(&self, store: &RunFlags, error: StoreError) -> StepError {
        let forward = self.job.is_forward();
        let attempted = if forward { "could not set flags".to_owned() } else { self.left_to_do(store) };
        let retry = match error.retry() {
            Retry::Never => Retry::Never,
            _ if !forward && store.back_is_over() => Retry::Never,
            Retry::After(pause) if !forward => Retry::After(pause.min(BACK_PAUSE)),
            retry => retry,
        };
        StepError { attempted, retry, fenced: false, source: Some(Box::new(error)) }
    }
}

/// Why a run cannot write down what stands there, and so must not change it.
fn unfit(held: &Held) -> Option<String> {
    match held {
        Held::Unreadable(why) => Some(format!("what is there cannot be put back later: {why}")),
        Held::Text(text) if text.len() > LONGEST => {
            Some(format!("what is there is no flag's value: it has {} bytes", text.len()))
        }
        Held::Text(_) => None,
    }
}

fn text(held: Held) -> String {
    match held {
        Held::Text(text) => text.chars().take(LONGEST).collect(),
        Held::Unreadable(why) => format!("unreadable: {why}"),
    }
}
