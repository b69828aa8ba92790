use super::World;
use crate::catalog::{Found, Relation, RelationId};
use crate::claim::{Cause, Claim, RelationKind, Works};
use crate::{Age, Evidence, Lock, ObjectName, Span};

impl World<'_> {
    /// Since when a relation is there.
    pub(crate) fn age(&self, relation: &Relation) -> Age {
        self.age_of(relation.born)
    }

    /// Since when something is there that a file made.
    pub(crate) fn age_of(&self, born: Option<usize>) -> Age {
        match born {
            Some(file) if file == self.file => Age::File,
            Some(file) if file >= self.release => Age::Release,
            _ => Age::Old,
        }
    }

    /// What is done to a relation that the catalog has: decided.
    pub(crate) fn claim_on(
        &self,
        id: RelationId,
        lock: Lock,
        work: Works,
        cause: Cause,
        span: Span,
    ) -> Option<Claim> {
        let relation = self.catalog.get(id)?;
        Some(Claim {
            relation: relation.name.clone(),
            kind: relation.kind,
            age: self.age(relation),
            lock,
            work,
            cause,
            span,
            when: None,
            evidence: Evidence::Decided,
        })
    }

    /// What is done to a relation by its name. One that no migration speaks of is taken to be a table that is there;
    /// on one that is gone nothing can be done.
    pub(crate) fn claim_named(
        &self,
        name: &ObjectName,
        lock: Lock,
        work: Works,
        cause: Cause,
        span: Span,
    ) -> Option<Claim> {
        match self.catalog.find(name, &self.path) {
            Found::Here(id, _) => self.claim_on(id, lock, work, cause, span),
            Found::Gone => None,
            Found::Unknown => Some(Claim {
                relation: self.catalog.qualify(name, &self.path),
                kind: RelationKind::Table,
                age: Age::Old,
                lock,
                work,
                cause,
                span,
                when: None,
                evidence: Evidence::Assumed,
            }),
        }
    }
}
