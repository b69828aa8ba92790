use rustc_hash::FxHashMap;

use crate::claim::Claim;
use crate::{Lock, QualifiedName};

/// Claims, one for each relation and cause, in the order they came up.
///
/// What is done to a relation while an earlier part of the same statement holds a blocking lock on it is done under that
/// lock, whatever lock it takes itself.
#[derive(Debug, Default)]
pub(super) struct Merged {
    claims: Vec<Claim>,
    /// Where the claims on a relation are that hold under the same condition.
    places: FxHashMap<(QualifiedName, Option<String>), Vec<usize>>,
    /// The strongest lock on each relation so far.
    held: FxHashMap<QualifiedName, Lock>,
}

impl Merged {
    /// Takes in another claim.
    pub(super) fn push(&mut self, mut claim: Claim) {
        self.hold(&mut claim);
        let places = self.places.entry((claim.relation.clone(), claim.when.clone())).or_default();
        let alike = |place: &usize| self.claims.get(*place).is_some_and(|is| is.cause == claim.cause);
        let same = places.iter().copied().find(alike);
        if let Some(is) = same.and_then(|place| self.claims.get_mut(place)) {
            is.absorb(&claim);
        } else {
            places.push(self.claims.len());
            self.claims.push(claim);
        }
    }

    /// All of them.
    pub(super) fn into_claims(self) -> Vec<Claim> {
        self.claims
    }

    fn hold(&mut self, claim: &mut Claim) {
        let held = self.held.entry(claim.relation.clone()).or_insert(claim.lock);
        if claim.work.is_long() && held.blocks() {
            claim.lock = claim.lock.max(*held);
        }
        *held = claim.lock.max(*held);
    }
}

impl Claim {
    fn absorb(&mut self, other: &Self) {
        self.lock = self.lock.max(other.lock);
        self.work = self.work.and(other.work);
        self.evidence = self.evidence.min(other.evidence);
    }
}
