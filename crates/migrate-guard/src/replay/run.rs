use rustc_hash::{FxHashMap, FxHashSet};

use super::blocks::{Flow, condition};
use super::outcome::Outcome;
use super::scope::Scope;
use super::{Effects, World};
use super::{changes, claims};
use crate::catalog::{Applied, Found, Relation, RelationId};
use crate::claim::{Change, Claim};
use crate::ddl::{Ddl, Leave, Opaque, OpaqueReason, Persistence, Statement};
use crate::{Evidence, QualifiedName, Span};

/// How many statements, of blocks and functions, one statement of a file may come to. Far more than anybody writes;
/// it bounds what functions that call each other many times cost.
const STEPS: u32 = 20_000;

/// One statement of a file while it is replayed, with all that runs inside of it.
#[derive(Debug)]
pub(super) struct Run<'w, 'a> {
    pub(super) world: &'w mut World<'a>,
    /// Where in the statement the replay is.
    pub(super) scope: Scope,
    /// Calls that were replayed, so that none is twice.
    pub(super) called: FxHashSet<String>,
    /// What it has done so far.
    pub(super) outcome: Outcome,
    steps: u32,
    /// Relations from this place on are younger than the statement.
    young: RelationId,
    /// How relations were called before the statement renamed them.
    renamed: FxHashMap<RelationId, QualifiedName>,
}

impl<'w, 'a> Run<'w, 'a> {
    /// A statement that has done nothing so far.
    pub(super) fn new(world: &'w mut World<'a>) -> Self {
        let young = world.catalog.next_id();
        Self {
            world,
            scope: Scope::default(),
            called: FxHashSet::default(),
            outcome: Outcome::default(),
            steps: 0,
            young,
            renamed: FxHashMap::default(),
        }
    }

    /// What it did.
    pub(super) fn finish(self) -> Effects {
        self.outcome.into_effects()
    }

    /// Replays a statement, be it the file's or one inside of it.
    pub(super) fn statement(&mut self, statement: &Statement) -> Flow {
        self.steps += 1;
        if self.steps >= STEPS {
            self.opaque(statement.span, OpaqueReason::TooDeep);
            return Flow::On;
        }
        self.scope.depth += 1;
        let flow = self.of_kind(statement);
        self.scope.depth -= 1;
        flow
    }

    fn of_kind(&mut self, statement: &Statement) -> Flow {
        match &statement.ddl {
            Ddl::Set(setting) => self.world.set(setting),
            Ddl::Transaction(transaction) => self.world.transact(transaction),
            Ddl::Query(query) | Ddl::Call(query) => self.query(query),
            Ddl::Do(block) => {
                self.block(block);
            }
            Ddl::CreateSchema { name, elements, .. } if !elements.is_empty() => {
                return self.schema(statement, name, elements);
            }
            _ => return self.ddl(statement),
        }
        Flow::On
    }

    /// A statement that changes the schema: what it does is asked of the catalog as it is before it.
    pub(super) fn ddl(&mut self, statement: &Statement) -> Flow {
        self.note_refused(statement);
        let claims = claims::claims(self.world, statement);
        let claims: Vec<_> = claims.into_iter().filter_map(|claim| self.public(claim)).collect();
        let changes = changes::changes(self.world, statement);
        let changes: Vec<_> = changes.into_iter().filter_map(|change| self.public_change(change)).collect();
        self.fill(statement);
        let (name, empty) = (self.name_before(statement), self.fills_nothing(statement));
        let next = self.world.catalog.next_id();
        let applied = self.world.catalog.apply(statement, &self.world.path, self.world.file);
        if let (Applied::Refused(why), true) = (applied, self.scope.handled) {
            return Flow::Left(Leave::Raise(condition(statement, why).to_owned()));
        }
        for claim in claims {
            self.outcome.claim(claim);
        }
        self.outcome.change(changes);
        self.renamed.extend(name);
        if self.scope.is_assumed() {
            self.note_guesses(next);
        }
        if empty {
            self.leave_empty(statement);
        }
        Flow::On
    }

    /// Takes in a claim, unless it is about what only this statement or this session knows.
    pub(super) fn claim(&mut self, claim: Option<Claim>) {
        if let Some(claim) = claim.and_then(|claim| self.public(claim)) {
            self.outcome.claim(claim);
        }
    }

    /// Says what could not be looked into.
    pub(super) fn opaque(&mut self, span: Span, reason: OpaqueReason) {
        self.outcome.opaque(Opaque { span: self.scope.place(span), reason });
    }

    fn public(&self, mut claim: Claim) -> Option<Claim> {
        let guessed = self.world.catalog.id(&claim.relation).is_some_and(|(_, relation)| relation.guessed);
        claim.relation = self.public_name(&claim.relation)?;
        self.scope.mark(&mut claim);
        if guessed || self.world.is_in_doubt(&claim.relation) {
            claim.evidence = Evidence::Assumed;
        }
        Some(claim)
    }

    fn public_change(&self, mut change: Change) -> Option<Change> {
        change.relation = self.public_name(&change.relation)?;
        self.scope.mark_change(&mut change);
        Some(change)
    }

    /// How a relation was called before the statement; none if nobody else can see it.
    fn public_name(&self, name: &QualifiedName) -> Option<QualifiedName> {
        if name.schema.starts_with("pg_temp") {
            return None;
        }
        let Some((id, relation)) = self.world.catalog.id(name) else { return Some(name.clone()) };
        let before = || self.renamed.get(&id).unwrap_or(name).clone();
        (!self.is_private(id, relation)).then(before)
    }

    /// Whether nobody else can see a relation: it is temporary, or the statement made it.
    fn is_private(&self, id: RelationId, relation: &Relation) -> bool {
        let made_here = id >= self.young && relation.born == Some(self.world.file);
        made_here || relation.persistence == Persistence::Temporary
    }

    /// What was made from this place on is only taken to be there.
    fn note_guesses(&mut self, from: RelationId) {
        for id in from.0..self.world.catalog.next_id().0 {
            self.world.catalog.note_guess(RelationId(id));
        }
    }

    /// How the relation that a statement renames is called.
    fn name_before(&self, statement: &Statement) -> Option<(RelationId, QualifiedName)> {
        let name = match &statement.ddl {
            Ddl::Rename(rename) if rename.on.is_none() => &rename.name,
            Ddl::SetSchema(set) => &set.name,
            _ => return None,
        };
        let Found::Here(id, relation) = self.world.catalog.find(name, &self.world.path) else { return None };
        (!self.renamed.contains_key(&id)).then(|| (id, relation.name.clone()))
    }
}
