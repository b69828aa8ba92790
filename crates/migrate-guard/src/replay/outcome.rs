use super::Effects;
use super::merge::Merged;
use crate::claim::{Change, Claim};
use crate::ddl::Opaque;

/// What a statement, or a part of it that may yet be taken back, has done so far.
#[derive(Debug, Default)]
pub(super) struct Outcome {
    claims: Merged,
    changes: Vec<Change>,
    opaque: Vec<Opaque>,
}

impl Outcome {
    /// Takes in a claim.
    pub(super) fn claim(&mut self, claim: Claim) {
        self.claims.push(claim);
    }

    /// Takes in changes.
    pub(super) fn change(&mut self, changes: Vec<Change>) {
        self.changes.extend(changes);
    }

    /// Takes in what could not be looked into, once.
    pub(super) fn opaque(&mut self, opaque: Opaque) {
        if !self.opaque.contains(&opaque) {
            self.opaque.push(opaque);
        }
    }

    /// Takes in what a part has done.
    pub(super) fn absorb(&mut self, part: Self) {
        for claim in part.claims.into_claims() {
            self.claim(claim);
        }
        self.change(part.changes);
        for opaque in part.opaque {
            self.opaque(opaque);
        }
    }

    /// All of it.
    pub(super) fn into_effects(self) -> Effects {
        Effects { claims: self.claims.into_claims(), changes: self.changes, opaque: self.opaque }
    }
}
