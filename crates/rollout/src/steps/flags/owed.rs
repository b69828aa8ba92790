//! What the way back owes to flags, and how a person pays it where the store does not answer.

use std::collections::BTreeMap;

use handover_flags::FlagName;

use super::{FlagJob, Flags};
use crate::flags::{FlagChange, FlagFate, Memory, OnRollback, RunFlags, value_words};

impl Flags {
    /// Whether the store has to be asked at all.
    pub(super) fn owes(&self, store: &RunFlags) -> bool {
        let memory = store.memory();
        self.changes().any(|change| self.is_owed(&memory, change))
    }

    /// As far as the run knows, whatever was seen to since.
    fn is_owed(&self, memory: &Memory, change: &FlagChange) -> bool {
        match self.job {
            FlagJob::Restore => change.on_rollback == OnRollback::Restore && memory.has_changed(change),
            FlagJob::Kill | FlagJob::Set(_) => true,
        }
    }

    /// The flags that stay as the run set them.
    pub(super) fn kept(&self, store: &RunFlags) -> BTreeMap<FlagName, FlagFate> {
        let memory = store.memory();
        let kept =
            |change: &&FlagChange| change.on_rollback == OnRollback::Keep && memory.has_changed(change);
        let fate = |change: &FlagChange| (change.flag.clone(), FlagFate::Kept { at: change.text().into() });
        self.changes().filter(kept).map(fate).collect()
    }

    /// What was not done, and what to type.
    pub(super) fn left_to_do(&self, store: &RunFlags) -> String {
        let memory = store.memory();
        let owed = |change: &&FlagChange| self.is_owed(&memory, change) && !memory.is_undone(&change.flag);
        let kill = self.job == FlagJob::Kill;
        let to = |change| if kill { Some("false") } else { memory.before(change) };
        let each: Vec<_> = self.changes().filter(owed).map(|change| by_hand(change, to(change))).collect();
        format!("flags not {}: {}", if kill { "turned off" } else { "restored" }, each.join(", "))
    }
}

fn by_hand(change: &FlagChange, to: Option<&str>) -> String {
    let flag = &change.flag;
    let quoted = if flag.as_str().contains(|c: char| !(c.is_ascii_alphanumeric() || "_-.:/".contains(c))) {
        format!("'{}'", flag.as_str().replace('\'', r"'\''"))
    } else {
        flag.to_string()
    };
    match to {
        Some("true") => format!("{flag} (type `handover flags enable {quoted}`)"),
        Some("false") => format!("{flag} (type `handover flags disable {quoted}`)"),
        None => format!("{flag} (type `handover flags remove {quoted}`)"),
        odd => format!("{flag} (it was {}: put that under `feature:{flag}`)", value_words(odd)),
    }
}
