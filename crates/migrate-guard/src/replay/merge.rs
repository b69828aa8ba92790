use rustc_hash::FxHashMap;

use crate::QualifiedName;
use crate::claim::Claim;

/// Claims, one for each relation and cause, in the order they came up.
///
/// What is done to a relation while an earlier part of the same statement holds a blocking lock on it is done under that
/// lock, whatever lock it takes itself.
#[derive(Debug, Default)]
pub(super) struct Merged {
    claims: Vec<Claim>,
    of: FxHashMap<QualifiedName, Vec<usize>>,
}

impl Merged {
    /// Takes in another claim.
    pub(super) fn push(&mut self, mut claim: Claim) {
        let places = self.of.entry(claim.relation.clone()).or_default();
        if claim.work.is_long() {
            let held = places.iter().filter_map(|place| self.claims.get(*place)).map(|held| held.lock).max();
            claim.lock = held.filter(|held| held.blocks()).map_or(claim.lock, |held| held.max(claim.lock));
        }
        let same =
            places.iter().copied().find(|place| self.claims.get(*place).is_some_and(|is| is.alike(&claim)));
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
}

impl Claim {
    fn alike(&self, other: &Self) -> bool {
        self.cause == other.cause && self.when == other.when
    }

    fn absorb(&mut self, other: &Self) {
        self.lock = self.lock.max(other.lock);
        self.work = self.work.and(other.work);
        self.evidence = self.evidence.min(other.evidence);
    }
}
