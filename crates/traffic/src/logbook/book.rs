//! What the logbook says, and what follows from it: no I/O here.

use std::collections::VecDeque;

use handover_core::{Fence, OpId};
use serde::{Deserialize, Serialize};

use super::{Seen, Targets};
use crate::{Change, Observed, Revision, Route, Split, SwitchError};

/// The version of the file's format.
pub(super) const FORMAT: u32 = 1;

/// How many operations are known by name: a run has below a hundred.
const NAMES: usize = 512;

/// The whole logbook.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(super) struct Book {
    pub(super) format: u32,
    /// Grows with each change, whoever made it.
    pub(super) revision: Revision,
    /// What was in force when somebody last looked; `None` before the first look, and when it was neither slot.
    pub(super) split: Option<Split>,
    /// Whether somebody has looked.
    #[serde(default)]
    pub(super) looked: bool,
    /// Who made the last change; `None` if it was not made through this logbook.
    pub(super) last_op: Option<OpId>,
    /// The highest fence seen.
    pub(super) fence: Fence,
    /// The changes made, oldest first.
    pub(super) done: VecDeque<OpId>,
    /// What each slot stands for.
    #[serde(default)]
    pub(super) targets: Targets,
    /// A change that was begun and is not known to be made.
    pub(super) open: Option<Open>,
}

/// A change that was begun.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(super) struct Open {
    pub(super) op: OpId,
    pub(super) to: Split,
    pub(super) fence: Fence,
    /// What the platform wanted to find again.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) note: Option<serde_json::Value>,
}

/// What is to be done about a change.
#[derive(Debug, PartialEq)]
pub(super) enum Receipt {
    /// It was made before.
    Made,
    /// It is written down; an earlier attempt left this note.
    Begun(Option<serde_json::Value>),
}

impl Default for Book {
    fn default() -> Self {
        Self {
            format: FORMAT,
            revision: Revision::default(),
            split: None,
            looked: false,
            last_op: None,
            fence: Fence::ZERO,
            done: VecDeque::new(),
            targets: Targets::default(),
            open: None,
        }
    }
}

impl Book {
    /// Takes note of what the platform says. A change that nobody wrote down is a new revision of nobody's making.
    pub(super) fn reconcile(&mut self, seen: &Seen) {
        if seen.moving {
            return;
        }
        let found = seen.split();
        if let Some(open) = self.open.take_if(|open| Some(open.to) == found) {
            self.made(open.op, open.to);
        }
        if self.looked && self.split != found {
            self.revision = self.revision.next();
            self.last_op = None;
        }
        (self.split, self.looked) = (found, true);
    }

    /// Decides about a change, and writes it down if it is to be made.
    pub(super) fn receive(&mut self, change: &Change) -> Result<Receipt, SwitchError> {
        if change.fence < self.fence {
            return Err(SwitchError::Fenced { offered: change.fence, seen: self.fence });
        }
        if self.done.contains(&change.op) {
            self.fence = change.fence;
            return Ok(Receipt::Made);
        }
        let again = self.open.as_ref().filter(|open| open.op == change.op).map(|open| open.note.clone());
        if again.is_none() && !change.expected.allows(self.revision) {
            return Err(self.conflict(change));
        }
        self.fence = change.fence;
        let note = again.flatten();
        let (op, to) = (change.op.clone(), change.route.split);
        self.open = Some(Open { op, to, fence: change.fence, note: note.clone() });
        Ok(Receipt::Begun(note))
    }

    /// Closes the open change as made. Somebody who began another one meanwhile has the last word.
    pub(super) fn finish(&mut self, change: &Change) -> Result<(), SwitchError> {
        if self.done.contains(&change.op) {
            return Ok(());
        }
        match self.open.take_if(|open| open.op == change.op) {
            Some(open) => {
                self.made(open.op, change.route.split);
                Ok(())
            }
            None => Err(self.overtaken(change)),
        }
    }

    /// Closes the open change as not made.
    pub(super) fn give_up(&mut self, op: &OpId) {
        self.open.take_if(|open| open.op == *op);
    }

    /// Keeps a note with the open change.
    pub(super) fn note(
        &mut self,
        op: &OpId,
        fence: Fence,
        note: serde_json::Value,
    ) -> Result<(), SwitchError> {
        match self.open.as_mut().filter(|open| open.op == *op) {
            Some(open) => {
                open.note = Some(note);
                Ok(())
            }
            None => Err(SwitchError::Fenced { offered: fence, seen: self.fence }),
        }
    }

    /// What is in force, in the contract's terms.
    pub(super) fn observed(&self, split: Split, seen: &Seen) -> Observed {
        Observed {
            route: Route::serve(split),
            revision: self.revision,
            last_op: self.last_op.clone(),
            fence: Some(self.fence),
            in_flight: seen.in_flight,
            served: seen.served,
            moving: seen.moving || self.open.is_some(),
        }
    }

    fn made(&mut self, op: OpId, split: Split) {
        self.revision = self.revision.next();
        (self.split, self.looked) = (Some(split), true);
        self.last_op = Some(op.clone());
        self.done.push_back(op);
        while self.done.len() > NAMES {
            self.done.pop_front();
        }
    }

    fn conflict(&self, change: &Change) -> SwitchError {
        let expected = match change.expected {
            crate::Expected::Revision(planned) => planned,
            crate::Expected::Any => self.revision,
        };
        SwitchError::Conflict { expected, found: self.revision }
    }

    fn overtaken(&self, change: &Change) -> SwitchError {
        if self.fence > change.fence {
            return SwitchError::Fenced { offered: change.fence, seen: self.fence };
        }
        self.conflict(change)
    }
}
