//! Switchers that are wrong in one way each: the test of the kit itself.
//!
//! A check that no mutant fails proves nothing. Each [`Flaw`] names the point that must catch it. An author who adds
//! sight to the kit adds the flaw that only this sight reveals.

mod flawed;

use std::sync::Arc;

use async_trait::async_trait;
use handover_core::Slot;

use self::flawed::Flawed;
use super::{Model, OpenRequest, Opened, Subject};
use crate::layers::Mishap;
use crate::{Capabilities, InMemory, RequestKind, TrafficSwitcher, Weights};

/// One way to break the contract; everything else about the [`Mutant`] is right.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Flaw {
    /// Says that a change was made, and makes none. Point 1.
    Forgets,
    /// Makes no change, and observes what was asked for. Point 1.
    Lies,
    /// Claims `atomic`, and has a middle. Point 2.
    Halves,
    /// Takes the old release away before it brings the new one, and does not say so. Point 2.
    Darkens,
    /// Overlooks `expected`. Point 3.
    Overwrites,
    /// Reads `expected` one too low, so that even the revision in force is stale. Point 3.
    Distrusts,
    /// Rounds a share it cannot express to one that it can. Point 4.
    Rounds,
    /// Finds out what is unsupported by asking the backend. Point 4.
    AsksFirst,
    /// Takes silence for a refusal. Point 5.
    Presumes,
    /// Takes silence for success. Point 5.
    Hopes,
    /// Waits for an answer for ever. Point 5.
    Waits,
    /// Takes each repetition for a new wish. Point 6.
    Repeats,
    /// Finds its own change in the way of the repetition: compares revisions before it looks at the name. Point 6.
    Quarrels,
    /// Lets a repetition that comes late undo what came between. Point 6.
    Resurrects,
    /// Overlooks the fence. Point 7.
    Unfenced,
    /// Wants traffic served from one slot before it goes back to one. Point 8.
    Bars,
    /// Calls a slot clean with requests in flight. Point 9.
    Hurries,
    /// Waits for a part of a long limit, then calls the slot clean. Point 9.
    Tires,
    /// Drains a slot that has weight. Point 9.
    DrainsInUse,
    /// Goes on sending users to a slot it has called clean. Point 9.
    Lingers,
    /// Moves the neighbour's traffic too. Point 10.
    Trespasses,
}

impl Flaw {
    /// Every flaw, in the order of the contract.
    pub const ALL: [Self; 21] = [
        Self::Forgets,
        Self::Lies,
        Self::Halves,
        Self::Darkens,
        Self::Overwrites,
        Self::Distrusts,
        Self::Rounds,
        Self::AsksFirst,
        Self::Presumes,
        Self::Hopes,
        Self::Waits,
        Self::Repeats,
        Self::Quarrels,
        Self::Resurrects,
        Self::Unfenced,
        Self::Bars,
        Self::Hurries,
        Self::Tires,
        Self::DrainsInUse,
        Self::Lingers,
        Self::Trespasses,
    ];

    /// The number of the point that must catch it.
    pub const fn point(self) -> u8 {
        match self {
            Self::Forgets | Self::Lies => 1,
            Self::Halves | Self::Darkens => 2,
            Self::Overwrites | Self::Distrusts => 3,
            Self::Rounds | Self::AsksFirst => 4,
            Self::Presumes | Self::Hopes | Self::Waits => 5,
            Self::Repeats | Self::Quarrels | Self::Resurrects => 6,
            Self::Unfenced => 7,
            Self::Bars => 8,
            Self::Hurries | Self::Tires | Self::DrainsInUse | Self::Lingers => 9,
            Self::Trespasses => 10,
        }
    }

    /// What the mutant claims: point 4 needs something that is ruled out.
    fn claims(self) -> Capabilities {
        let mut claims = InMemory::everything();
        if self.point() == 4 {
            claims.weights = Weights::AllOrNothing;
        }
        claims
    }
}

/// The reference model, spoilt by one [`Flaw`], as a subject with all the sight the kit can use.
#[derive(Debug)]
pub struct Mutant {
    flaw: Flaw,
    model: Model,
    switcher: Flawed,
}

impl Mutant {
    /// A mutant with this flaw.
    pub fn new(flaw: Flaw) -> Self {
        let model = Model::new();
        let switcher = Flawed::new(flaw, model.backend().clone(), model.neighbour().clone());
        Self { flaw, model, switcher }
    }

    /// Whether some user would still get blue, though it was called clean.
    fn lingers(&self) -> bool {
        self.flaw == Flaw::Lingers && self.switcher.has_called_clean()
    }
}

#[async_trait]
impl Subject for Mutant {
    fn switcher(&self) -> &dyn TrafficSwitcher {
        &self.switcher
    }

    async fn open_request(&self) -> Opened {
        if self.switcher.is_dark() {
            return Opened::Nowhere("503 from the proxy, which knew no release".into());
        }
        if self.lingers() {
            return Opened::At(OpenRequest::new(
                Slot::Blue,
                self.model.backend().open(Slot::Blue, RequestKind::Request),
            ));
        }
        self.model.open_request().await
    }

    async fn unanswered(&self) -> Option<Arc<dyn TrafficSwitcher>> {
        Some(Arc::new(self.switcher.struck_by(Mishap::LostAck)))
    }

    async fn sent(&self) -> Option<u64> {
        self.model.sent().await
    }

    async fn foreign(&self) -> Option<String> {
        self.model.foreign().await
    }
}
