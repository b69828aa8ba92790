use rustc_hash::FxHashSet;

use super::target::Target;
use crate::catalog::{Found, RelationId};
use crate::claim::{Cause, Claim, RelationKind, Work, Works};
use crate::ddl::Persistence;
use crate::replay::World;
use crate::{Age, Evidence, Lock, ObjectName, PgVersion, Span};

/// What a statement does, while it is being found out.
#[derive(Debug)]
pub(super) struct Ledger<'w> {
    /// The state before the statement.
    pub(super) world: &'w World<'w>,
    claims: Vec<Claim>,
}

/// One thing done to a relation, whichever that is.
#[derive(Clone, Debug)]
pub(super) struct Deed {
    lock: Lock,
    work: Works,
    cause: Cause,
    span: Span,
    when: Option<String>,
    evidence: Evidence,
}

impl Deed {
    /// A lock and nothing else.
    pub(super) fn new(lock: Lock, cause: Cause, span: Span) -> Self {
        Self { lock, work: Works::NONE, cause, span, when: None, evidence: Evidence::Decided }
    }

    /// With that work.
    pub(super) fn with(self, work: Works) -> Self {
        Self { work, ..self }
    }

    /// It holds only then.
    pub(super) fn when(self, when: &str) -> Self {
        Self { when: Some(when.to_owned()), evidence: Evidence::Assumed, ..self }
    }

    /// What decides it is not known, if `so`.
    pub(super) fn assumed_if(self, so: bool) -> Self {
        let evidence = if so { Evidence::Assumed } else { self.evidence };
        Self { evidence, ..self }
    }
}

impl<'w> Ledger<'w> {
    /// Nothing so far.
    pub(super) fn new(world: &'w World<'w>) -> Self {
        Self { world, claims: Vec::new() }
    }

    /// What was found: a relation that is written anew has everything proven on the way.
    pub(super) fn close(mut self) -> Vec<Claim> {
        let rewritten =
            self.claims.iter().filter(|claim| rewrites(claim)).map(|claim| claim.relation.clone());
        let rewritten: FxHashSet<_> = rewritten.collect();
        for claim in &mut self.claims {
            if is_folded(claim) && rewritten.contains(&claim.relation) {
                claim.work = claim.work.without(Work::Scan);
            }
        }
        self.claims
    }

    /// The server's version.
    pub(super) fn pg(&self) -> PgVersion {
        self.world.context.pg
    }

    /// The relation that a name stands for, unless it is known not to be there.
    pub(super) fn find(&self, name: &ObjectName) -> Option<Target<'w>> {
        if is_system(name) {
            return None;
        }
        match self.world.catalog.find(name, &self.world.path) {
            Found::Here(id, relation) => Some(Target::known(id, relation)),
            Found::Unknown => Some(Target::unknown(self.world.catalog.qualify(name, &self.world.path))),
            Found::Gone => None,
        }
    }

    /// The same; with `IF EXISTS`, only what is known to be there.
    pub(super) fn find_if(&self, name: &ObjectName, if_exists: bool) -> Option<Target<'w>> {
        self.find(name).filter(|target| target.id().is_some() || !if_exists)
    }

    /// The relation at a place.
    pub(super) fn at(&self, id: RelationId) -> Option<Target<'w>> {
        self.world.catalog.get(id).map(|relation| Target::known(id, relation))
    }

    /// Says that `deed` is done to `target`. Indexes and sequences are no relation that anybody waits for, and a
    /// temporary table is nobody else's.
    pub(super) fn on(&mut self, target: &Target<'w>, deed: Deed) {
        let temporary = target.relation().is_some_and(|is| is.persistence == Persistence::Temporary);
        if temporary || matches!(target.kind(), RelationKind::Index | RelationKind::Sequence) {
            return;
        }
        self.claims.push(Claim {
            relation: target.name.clone(),
            kind: target.kind(),
            age: target.relation().map_or(Age::Old, |relation| self.world.age(relation)),
            lock: deed.lock,
            work: deed.work,
            cause: deed.cause,
            span: deed.span,
            when: deed.when,
            evidence: deed.evidence,
        });
    }

    /// The same for each.
    pub(super) fn on_each(&mut self, targets: &[Target<'w>], deed: &Deed) {
        for target in targets {
            self.on(target, deed.clone());
        }
    }

    /// The same for a relation that is named, if it is there.
    pub(super) fn on_named(&mut self, name: &ObjectName, deed: Deed) {
        if let Some(target) = self.find(name) {
            self.on(&target, deed);
        }
    }
}

fn is_system(name: &ObjectName) -> bool {
    matches!(name.schema.as_deref(), Some("pg_catalog" | "information_schema"))
}

fn rewrites(claim: &Claim) -> bool {
    claim.work.has(Work::Rewrite) && claim.when.is_none()
}

/// A foreign key is asked by a query of its own.
fn is_folded(proof: &Claim) -> bool {
    proof.work == Works::SCAN && proof.when.is_none() && proof.cause != Cause::ProveForeignKey
}
