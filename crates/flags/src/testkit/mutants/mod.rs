//! Stores that are wrong in one way each: the test of the kit itself.
//!
//! A check that no mutant fails proves nothing. Each [`Flaw`] names the point that must catch it. An author who adds
//! sight to the kit adds the flaw that only this sight reveals.

mod flawed;
mod twist;

use std::sync::Arc;

use async_trait::async_trait;

use self::flawed::Flawed;
use super::{Model, Subject};
use crate::{Capabilities, FlagStore, Held, Key};

/// The password that mutants must not show, and some do.
pub(super) const SECRET: &str = "correct-horse-battery";

/// One way to break the contract; everything else about the [`Mutant`] is right.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Flaw {
    /// Says that a change was made, and makes none. Point 1.
    Forgets,
    /// Loads what stood there before the last change. Point 1.
    LoadsStale,
    /// Says that nothing stood there before. Point 1.
    ForgetsBefore,
    /// Begins to tell changes without telling first what there is. Point 2.
    BeginsAmid,
    /// Begins with an empty store, and tells only of what changes from then on. Point 2.
    BeginsEmpty,
    /// Tells of the first of several changes that come together, and not of the last. Point 2.
    MissesLast,
    /// Does not tell of what was written past it. Point 2.
    MissesOutside,
    /// Does not say that it cannot be heard. Point 2.
    HidesLoss,
    /// Tells no more after the way was cut. Point 2.
    StaysDeaf,
    /// After the way was cut, takes up with the next change and does not look at what it has missed. Point 2.
    MissesWhileCut,
    /// Tells the former value once more after the new one. Point 3.
    Flickers,
    /// Overlooks `only_if`. Point 4.
    Overwrites,
    /// Says that something else stands there, and changes it all the same. Point 4.
    ChangesAndErrs,
    /// Finds a conflict also where there is none. Point 4.
    Distrusts,
    /// Does not say what stands there instead. Point 4.
    HidesFound,
    /// Looks, and then changes; somebody may come between. Point 4.
    LooksFirst,
    /// Takes a timed value, and keeps it for ever. Point 5.
    AcceptsTimed,
    /// Says that it cannot keep a timed value, and puts it there. Point 5.
    DoesUnsupported,
    /// Calls refused what it cannot do. Point 5.
    CallsRefused,
    /// Claims more than it does. Point 5.
    Boasts,
    /// Leaves removals out of the audit. Point 6.
    AuditsNoRemoval,
    /// Writes each change down twice. Point 6.
    AuditsTwice,
    /// Does not write down what stood there before. Point 6.
    AuditsNoBefore,
    /// Does not write down why. Point 6.
    AuditsNoReason,
    /// Gives the oldest lines first. Point 6.
    AuditsOldest,
    /// Gives the same number to every change. Point 7.
    StandsStill,
    /// Gives a lower number to each change. Point 7.
    Sinks,
    /// Begins without the number of the last change. Point 7.
    BeginsUncounted,
    /// Tells of a number after the change that it counts. Point 7.
    CountsLate,
    /// Tells of a number before the change that it counts. Point 7.
    CountsEarly,
    /// Takes white space off. Point 8.
    Trims,
    /// Makes `TRUE` of `true`'s relatives. Point 8.
    Normalises,
    /// Leaves out what is neither true nor false. Point 8.
    SkipsMalformed,
    /// Cuts a long text off. Point 8.
    CutsOff,
    /// Empties what is removed. Point 9.
    Empties,
    /// Does not tell of removals. Point 9.
    TellsNoRemoval,
    /// Refuses to remove what is not there. Point 9.
    InsistsOnSomething,
    /// Keeps a timed value for ever. Point 9.
    NeverLapses,
    /// Takes a newer value away when an older one's time is over. Point 9.
    LapsesNewer,
    /// Shows the address, with its password, in `Debug`. Point 10.
    LeaksInDebug,
    /// In its name. Point 10.
    LeaksInName,
    /// In an error. Point 10.
    LeaksInError,
    /// In the cause of a loss that a watch tells. Point 10.
    LeaksInLoss,
    /// In what it tells an operator. Point 10.
    LeaksInNotice,
}

impl Flaw {
    /// Every flaw, in the order of the contract.
    pub const ALL: [Self; 44] = [
        Self::Forgets,
        Self::LoadsStale,
        Self::ForgetsBefore,
        Self::BeginsAmid,
        Self::BeginsEmpty,
        Self::MissesLast,
        Self::MissesOutside,
        Self::HidesLoss,
        Self::StaysDeaf,
        Self::MissesWhileCut,
        Self::Flickers,
        Self::Overwrites,
        Self::ChangesAndErrs,
        Self::Distrusts,
        Self::HidesFound,
        Self::LooksFirst,
        Self::AcceptsTimed,
        Self::DoesUnsupported,
        Self::CallsRefused,
        Self::Boasts,
        Self::AuditsNoRemoval,
        Self::AuditsTwice,
        Self::AuditsNoBefore,
        Self::AuditsNoReason,
        Self::AuditsOldest,
        Self::StandsStill,
        Self::Sinks,
        Self::BeginsUncounted,
        Self::CountsLate,
        Self::CountsEarly,
        Self::Trims,
        Self::Normalises,
        Self::SkipsMalformed,
        Self::CutsOff,
        Self::Empties,
        Self::TellsNoRemoval,
        Self::InsistsOnSomething,
        Self::NeverLapses,
        Self::LapsesNewer,
        Self::LeaksInDebug,
        Self::LeaksInName,
        Self::LeaksInError,
        Self::LeaksInLoss,
        Self::LeaksInNotice,
    ];

    /// The number of the point that must catch it.
    pub const fn point(self) -> u8 {
        match self {
            Self::Forgets | Self::LoadsStale | Self::ForgetsBefore => 1,
            Self::BeginsAmid
            | Self::BeginsEmpty
            | Self::MissesLast
            | Self::MissesOutside
            | Self::HidesLoss
            | Self::StaysDeaf
            | Self::MissesWhileCut => 2,
            Self::Flickers => 3,
            Self::Overwrites
            | Self::ChangesAndErrs
            | Self::Distrusts
            | Self::HidesFound
            | Self::LooksFirst => 4,
            Self::AcceptsTimed | Self::DoesUnsupported | Self::CallsRefused | Self::Boasts => 5,
            Self::AuditsNoRemoval
            | Self::AuditsTwice
            | Self::AuditsNoBefore
            | Self::AuditsNoReason
            | Self::AuditsOldest => 6,
            Self::StandsStill
            | Self::Sinks
            | Self::BeginsUncounted
            | Self::CountsLate
            | Self::CountsEarly => 7,
            Self::Trims | Self::Normalises | Self::SkipsMalformed | Self::CutsOff => 8,
            Self::Empties
            | Self::TellsNoRemoval
            | Self::InsistsOnSomething
            | Self::NeverLapses
            | Self::LapsesNewer => 9,
            Self::LeaksInDebug
            | Self::LeaksInName
            | Self::LeaksInError
            | Self::LeaksInLoss
            | Self::LeaksInNotice => 10,
        }
    }

    /// What the mutant claims: some flaws need something that is ruled out.
    const fn claims(self) -> Capabilities {
        let timed = !matches!(self, Self::AcceptsTimed | Self::DoesUnsupported | Self::CallsRefused);
        Capabilities { expires: timed, ..Capabilities::ALL }
    }
}

/// The reference in memory, spoilt by one [`Flaw`], as a subject with all the sight the kit can use.
#[derive(Debug)]
pub struct Mutant {
    model: Model,
    store: Arc<Flawed>,
}

impl Mutant {
    /// A mutant with this flaw.
    pub fn new(flaw: Flaw) -> Self {
        let model = Model::new();
        Self { store: Arc::new(Flawed::new(flaw, &model)), model }
    }
}

#[async_trait]
impl Subject for Mutant {
    fn store(&self) -> Arc<dyn FlagStore> {
        Arc::clone(&self.store) as Arc<dyn FlagStore>
    }

    async fn write_past(&self, key: &Key, bytes: Option<&[u8]>) -> bool {
        self.store.written_past(key, bytes.map(Held::from_bytes).as_ref());
        self.model.write_past(key, bytes).await
    }

    async fn cut(&self) -> bool {
        self.model.cut().await
    }

    async fn heal(&self) {
        self.model.heal().await;
    }

    fn secrets(&self) -> Vec<String> {
        self.model.secrets()
    }
}
