use super::merge::Merged;
use super::{Effects, Refusal};
use crate::claim::{Change, Claim};
use crate::ddl::Opaque;

/// What a statement, or a part of it that may yet be taken back, has done so far.
#[derive(Debug, Default)]
pub(super) struct Outcome {
    claims: Merged,
    changes: Vec<Change>,
    opaque: Vec<Opaque>,
    sleeps: bool,
    refused: Vec<Refusal>,
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

    /// Takes in that it waits for a time.
    pub(super) fn sleep(&mut self) {
        self.sleeps = true;
    }

    /// Takes in what is refused, once.
    pub(super) fn refuse(&mut self, refusal: Refusal) {
        if !self.refused.contains(&refusal) {
            self.refused.push(refusal);
        }
    }

    /// Takes in what a part has done.
    pub(super) fn absorb(&mut self, part: Self) {
        for claim in part.claims.into_claims() {
            self.claim(claim);
        }
        self.change(part.changes);
        self.sleeps |= part.sleeps;
        for refusal in part.refused {
            self.refuse(refusal);
        }
        for opaque in part.opaque {
            self.opaque(opaque);
        }
    }

    /// All of it.
    pub(super) fn into_effects(self) -> Effects {
        let Self { claims, changes, opaque, sleeps, refused } = self;
        Effects { claims: claims.into_claims(), changes, opaque, sleeps, refused }
    }
}
