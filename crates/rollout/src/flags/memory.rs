use std::collections::{BTreeMap, BTreeSet};

use handover_flags::FlagName;
use handover_runbook::{Body, Record, StepName};
use serde_json::{Value, json};

use super::spec::is_step_of_flags;
use super::{FlagChange, FlagFate, FlagMoment};

/// What stands for each flag; `None` where nothing does.
pub(crate) type Values = BTreeMap<FlagName, Option<String>>;

/// Whether the run wrote a flag on its way forward.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Written {
    No,
    /// It was about to, and nobody has told whether it did.
    Unknown,
    Yes,
}

/// What a run knows of its flags: its records, folded, and what its driver has done since.
#[derive(Debug, Default)]
pub(crate) struct Memory {
    found: BTreeMap<StepName, Values>,
    written: BTreeMap<FlagName, Written>,
    /// What the way back has seen to.
    undone: BTreeSet<FlagName>,
}

impl Memory {
    pub(super) fn of(records: &[Record]) -> Self {
        let mut memory = Self::default();
        for record in records {
            match &record.body {
                Body::Intent { step, seen, .. } if is_step_of_flags(step) => memory.intended(step, seen),
                Body::Verified { step, proof } if FlagMoment::of_step(step).is_some() => {
                    memory.verified(proof);
                }
                _ => {}
            }
        }
        memory
    }

    fn intended(&mut self, step: &StepName, seen: &Value) {
        let values = recorded(seen);
        if FlagMoment::of_step(step).is_some() {
            self.written.extend(values.keys().map(|flag| (flag.clone(), Written::Unknown)));
        }
        self.found.insert(step.clone(), values);
    }

    fn verified(&mut self, proof: &Value) {
        for (flag, fate) in FlagFate::all_in(proof).into_iter().flatten() {
            let set = matches!(fate, FlagFate::Set { .. });
            self.written.insert(flag, if set { Written::Yes } else { Written::No });
        }
    }

    /// What a step found before it changed anything.
    pub(crate) fn found(&self, step: &StepName) -> Option<&Values> {
        self.found.get(step)
    }

    /// Keeps what a step found: it is about to change something.
    pub(crate) fn keep_found(&mut self, step: &StepName, values: Values) {
        self.found.entry(step.clone()).or_insert(values);
    }

    pub(crate) fn written(&self, flag: &FlagName) -> Written {
        self.written.get(flag).copied().unwrap_or(Written::No)
    }

    pub(crate) fn set_written(&mut self, flag: &FlagName, written: Written) {
        self.written.insert(flag.clone(), written);
    }

    /// What stood there before the run wrote it.
    pub(crate) fn before(&self, change: &FlagChange) -> Option<&str> {
        self.found.get(&change.at.step())?.get(&change.flag)?.as_deref()
    }

    /// Whether the run has made something else of it, as far as is known.
    pub(crate) fn has_changed(&self, change: &FlagChange) -> bool {
        self.written(&change.flag) != Written::No && self.before(change) != Some(change.text())
    }

    pub(crate) fn is_undone(&self, flag: &FlagName) -> bool {
        self.undone.contains(flag)
    }

    /// It was said to be seen to, and is not.
    pub(crate) fn set_owed(&mut self, flag: &FlagName) {
        self.undone.remove(flag);
    }

    pub(crate) fn set_undone(&mut self, flag: &FlagName) {
        self.undone.insert(flag.clone());
    }
}

/// Values as an intent keeps them.
pub(crate) fn intent(values: &Values) -> Value {
    json!({ "now": values })
}

/// What an intent says that it saw. One that saw everything as wanted keeps what became of it instead.
fn recorded(seen: &Value) -> Values {
    let now = seen.get("now").and_then(|now| serde_json::from_value(now.clone()).ok());
    now.unwrap_or_else(|| {
        let fates = FlagFate::all_in(seen).into_iter().flatten();
        fates.map(|(flag, fate)| (flag, value_of(fate))).collect()
    })
}

fn value_of(fate: FlagFate) -> Option<String> {
    match fate {
        FlagFate::Already { is } | FlagFate::Kept { at: is } => Some(is),
        FlagFate::Set { from: value, .. }
        | FlagFate::Left { found: value }
        | FlagFate::Restored { to: value }
        | FlagFate::Killed { from: value } => value,
        FlagFate::Off => Some("false".into()),
    }
}
