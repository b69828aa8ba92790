//! What may be in force after a call, and which answers are wrong.

use crate::testkit::probe::{Check, broken, said, shown};
use crate::{Capabilities, Change, Expected, Mode, Observed, Route, SwitchError};

/// What is known of an operation before it is asked for (again).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Fate {
    /// It was never made.
    New,
    /// It may have been made.
    Unknown,
    /// It was made.
    Made,
}

/// A change, and what was in force and known when it was asked for.
pub(super) struct Asked<'a> {
    pub(super) can: &'a Capabilities,
    pub(super) old: &'a Observed,
    pub(super) change: &'a Change,
    pub(super) fate: Fate,
}

impl Asked<'_> {
    fn is_fenced(&self) -> bool {
        self.can.fencing && self.old.fence.is_some_and(|seen| self.change.fence < seen)
    }

    fn is_stale(&self) -> bool {
        let planned_elsewhere = !self.change.expected.allows(self.old.revision);
        self.can.compare_and_set && planned_elsewhere && self.fate == Fate::New
    }

    /// Whether nothing speaks against the change. Who does not claim fencing may fence all the same.
    fn is_good(&self) -> bool {
        let guard = self.change.expected == Expected::Any || self.change.expected.allows(self.old.revision);
        let late = self.old.fence.is_some_and(|seen| self.change.fence < seen);
        !late && (guard || self.fate == Fate::Made)
    }

    /// Whether what was said fits what was asked.
    pub(super) fn fits(&self, answer: &Result<Observed, SwitchError>) -> Check {
        match answer {
            Ok(_) if self.is_fenced() => broken("a lower fence won"),
            Ok(_) if self.is_stale() => broken("a stale revision won"),
            Err(
                error @ (SwitchError::Conflict { .. }
                | SwitchError::Fenced { .. }
                | SwitchError::Unsupported { .. }),
            ) if self.is_good() => broken(format!("nothing spoke against it, and it got: {}", said(error))),
            _ => Ok(()),
        }
    }

    /// Whether a repetition of what was made left everything as it was.
    pub(super) fn repeats_nothing(&self, now: &Observed) -> Check {
        let was = (self.old.route, self.old.revision);
        if self.fate != Fate::Made || !self.can.compare_and_set || was == (now.route, now.revision) {
            return Ok(());
        }
        broken(format!(
            "a repeated operation moved {} at revision {} to {} at revision {}",
            shown(&self.old.route),
            self.old.revision,
            shown(&now.route),
            now.revision
        ))
    }
}

/// Whether `seen` may be in force where each of `routes` may have been asked for, or been in force before.
pub(super) fn may_be(can: &Capabilities, routes: &[Route], seen: Route) -> bool {
    let splits = || routes.iter().map(|route| route.split);
    let mode = seen.mode == Mode::Serve || routes.iter().any(|route| route.mode != Mode::Serve);
    let between = splits().min() <= Some(seen.split) && Some(seen.split) <= splits().max();
    routes.contains(&seen) || (!can.atomic && mode && between)
}
