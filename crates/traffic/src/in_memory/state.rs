//! What the model remembers, and the rules by which a change is let in. No waiting happens here.

use std::collections::BTreeMap;
use std::time::Duration;

use handover_core::{BySlot, Fence, OpId, Slot, Timestamp};

use super::{NAME, RequestKind};
use crate::{
    Capabilities, Change, DrainSupport, Expected, InFlight, Mode, Observed, Revision, Route, Split,
    SwitchError,
};

/// Whether a change is a new wish or the repetition of one that was made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Receipt {
    New,
    Repeated,
}

#[derive(Debug)]
pub(super) struct State {
    pub(super) route: Route,
    pub(super) revision: Revision,
    pub(super) fence: Fence,
    pub(super) in_flight: BySlot<InFlight>,
    pub(super) served: BySlot<u64>,
    pub(super) received: u64,
    last_op: Option<OpId>,
    /// Every change ever made, so that even a late repetition is known.
    done: BTreeMap<OpId, Route>,
    /// What green is owed, in basis points of a request: shares come out exact instead of by luck.
    owed: u16,
}

impl Default for State {
    fn default() -> Self {
        Self {
            route: Route::serve(Split::ALL_BLUE),
            revision: Revision::default(),
            fence: Fence::ZERO,
            in_flight: BySlot::default(),
            served: BySlot::default(),
            received: 0,
            last_op: None,
            done: BTreeMap::new(),
            owed: 0,
        }
    }
}

impl State {
    pub(super) fn moved_from_outside(&mut self, split: Split) {
        (self.route, self.last_op) = (Route::serve(split), None);
        self.revision = self.revision.next();
    }

    pub(super) fn view(&self, can: &Capabilities, now: Timestamp) -> Observed {
        let counts = can.drain == DrainSupport::Counted;
        Observed {
            route: Route { mode: self.mode(now), ..self.route },
            revision: self.revision,
            last_op: self.last_op.clone(),
            fence: can.fencing.then_some(self.fence),
            in_flight: counts.then_some(self.in_flight),
            served: counts.then_some(self.served),
            moving: false,
        }
    }

    /// Lets a change in or refuses it; refused, it leaves no trace but `received`.
    ///
    /// The fence comes first: who is too late is told so, also when only repeating itself.
    pub(super) fn receive(&mut self, change: &Change, can: &Capabilities) -> Result<Receipt, SwitchError> {
        self.received += 1;
        if can.fencing && change.fence < self.fence {
            return Err(SwitchError::Fenced { offered: change.fence, seen: self.fence });
        }
        if let Some(route) = self.done.get(&change.op) {
            if *route != change.route {
                return Err(refused(format!("operation {} was made before with another route", change.op)));
            }
            self.fence = self.fence.max(change.fence);
            return Ok(Receipt::Repeated);
        }
        match change.expected {
            Expected::Revision(expected) if can.compare_and_set && expected != self.revision => {
                Err(SwitchError::Conflict { expected, found: self.revision })
            }
            _ => Ok(Receipt::New),
        }
    }

    /// The middle of a change that is not atomic: both weights between the old and the new, where there is such a
    /// share.
    pub(super) fn go_halfway(&mut self, change: &Change, can: &Capabilities) {
        let (from, to) = (self.route.split.green_bps(), change.route.split.green_bps());
        let middle = Split::from_green_bps(from.midpoint(to)).map(|split| Route { split, ..self.route });
        if let Ok(middle) = middle
            && can.missing_for(&middle).is_none()
        {
            self.route = middle;
            self.revision = self.revision.next();
        }
    }

    pub(super) fn finish(&mut self, change: &Change) {
        self.route = change.route;
        self.revision = self.revision.next();
        self.fence = self.fence.max(change.fence);
        self.last_op = Some(change.op.clone());
        self.done.insert(change.op.clone(), change.route);
    }

    /// Whether nothing is in flight on a slot that gets nothing new.
    pub(super) fn idle(&self, slot: Slot) -> Result<bool, SwitchError> {
        self.refuse_if_weighted(slot)?;
        Ok(self.in_flight[slot].total() == 0)
    }

    pub(super) fn refuse_if_weighted(&self, slot: Slot) -> Result<(), SwitchError> {
        match self.route.split.bps(slot) {
            0 => Ok(()),
            _ => Err(refused(format!("{slot} still gets traffic: {}", self.route.split))),
        }
    }

    /// Sends a request on its way, or says how long the hold lasts.
    pub(super) fn admit(&mut self, now: Timestamp) -> Result<Slot, Duration> {
        if let Mode::Hold { until } = self.mode(now) {
            return Err(until.since(now));
        }
        self.owed += self.route.split.green_bps();
        let slot = if self.owed >= Split::WHOLE { Slot::Green } else { Slot::Blue };
        self.owed %= Split::WHOLE;
        self.enter(slot, RequestKind::Request);
        Ok(slot)
    }

    pub(super) fn enter(&mut self, slot: Slot, kind: RequestKind) {
        *kind.count(&mut self.in_flight[slot]) += 1;
        self.served[slot] += 1;
    }

    pub(super) fn leave(&mut self, slot: Slot, kind: RequestKind) {
        *kind.count(&mut self.in_flight[slot]) -= 1;
    }

    fn mode(&self, now: Timestamp) -> Mode {
        match self.route.mode {
            Mode::Hold { until } if until > now => self.route.mode,
            Mode::Hold { .. } | Mode::Serve => Mode::Serve,
        }
    }
}

fn refused(why: String) -> SwitchError {
    SwitchError::Refused { backend: NAME, source: why.into() }
}
