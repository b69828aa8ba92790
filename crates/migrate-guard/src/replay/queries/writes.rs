use super::reads::By;
use crate::catalog::{Constraint, ConstraintKind, Found, Relation, RelationId};
use crate::claim::{Cause, Claim, RelationKind, Works};
use crate::ddl::{Expr, Query, Rows, TriggerEvent, Verb};
use crate::replay::run::Run;
use crate::{Evidence, Lock};

/// When a row of a partitioned table goes to this partition.
const ROUTED: &str = "if a row goes there";

impl Run<'_, '_> {
    /// A query that writes rows.
    pub(super) fn write(&mut self, query: &Query) {
        let Some(name) = &query.target else { return };
        match self.world.catalog.find(name, &self.world.path) {
            Found::Here(id, relation) if relation.kind == RelationKind::View => self.write_view(id, query),
            Found::Here(id, _) => self.write_table(id, query),
            Found::Unknown => {
                let work = works(!self.scope.rowless && self.world.writes_rows(query, None));
                let cause = Cause::Write { unbounded: is_unbounded(query, None) };
                let claim = self.world.claim_named(name, Lock::RowExclusive, work, cause, query.span);
                self.claim(claim);
            }
            Found::Gone => {}
        }
    }

    /// A view hands what is written to its table, or to its triggers.
    fn write_view(&mut self, view: RelationId, query: &Query) {
        let cause = Cause::Write { unbounded: false };
        let claim = self.world.claim_on(view, Lock::RowExclusive, Works::NONE, cause, query.span);
        self.claim(claim);
        let reads = self.world.catalog.get(view).map(|view| view.reads.clone()).unwrap_or_default();
        match reads.as_slice() {
            [table] if !self.has_triggers(view) => self.write_table(*table, query),
            _ => {
                self.read_view(view, Lock::AccessShare, query.span);
                events(query).for_each(|event| self.fire(view, event, true, query.span));
            }
        }
    }

    fn write_table(&mut self, id: RelationId, query: &Query) {
        let rows = !self.scope.rowless && self.world.writes_rows(query, Some(id));
        for claim in self.written(id, query, rows) {
            self.claim(Some(claim));
        }
        if rows {
            self.check_keys(id, query);
            self.note_rows(id, query);
        }
        events(query).for_each(|event| self.fire(id, event, rows, query.span));
    }

    /// What is locked and written by the query itself.
    fn written(&self, id: RelationId, query: &Query, rows: bool) -> Vec<Claim> {
        let Some(relation) = self.world.catalog.get(id) else { return Vec::new() };
        let inserts = matches!(query.verb, Verb::Insert | Verb::CopyFrom);
        let alone = inserts && (relation.partition_by.is_none() || !rows);
        let tree = if alone || query.target_only { vec![id] } else { self.world.catalog.tree(id) };
        let leaves = tree.iter().filter(|id| self.is_leaf(**id)).count();
        let claims = tree.iter().filter_map(|member| self.written_one(*member, query, rows));
        claims.map(|claim| if inserts && leaves > 1 { routed(claim) } else { claim }).collect()
    }

    fn written_one(&self, id: RelationId, query: &Query, rows: bool) -> Option<Claim> {
        let relation = self.world.catalog.get(id)?;
        let inserts = !matches!(query.verb, Verb::Update | Verb::Delete);
        let writes = rows && self.is_leaf(id) && (inserts || self.world.holds_rows(id));
        let finds = matches!(query.verb, Verb::Update | Verb::Delete) && query.reads.is_empty();
        let scans = finds && self.world.scans(id, By::of(query.filter.as_ref()));
        let work = if scans { works(writes).and(Works::SCAN) } else { works(writes) };
        let cause = Cause::Write { unbounded: is_unbounded(query, Some(relation)) };
        let mut claim = self.world.claim_on(id, Lock::RowExclusive, work, cause, query.span)?;
        if !matches!(query.rows, Rows::Values(_)) {
            claim.evidence = Evidence::Assumed;
        }
        Some(claim)
    }

    /// Keeps which relations hold rows, as far as that is certain.
    fn note_rows(&mut self, id: RelationId, query: &Query) {
        match query.verb {
            Verb::Insert | Verb::Merge | Verb::CopyFrom => self.world.catalog.note_rows(id, true),
            Verb::Delete if is_all(query) && self.scope.conditions.is_empty() => {
                for id in self.world.catalog.tree(id) {
                    self.world.catalog.note_rows(id, false);
                }
            }
            _ => {}
        }
    }

    fn is_leaf(&self, id: RelationId) -> bool {
        self.world.catalog.get(id).is_some_and(|relation| relation.partition_by.is_none())
    }
}

/// The claim on a partition, or on the partitioned table, of which rows go to one of several.
fn routed(mut claim: Claim) -> Claim {
    if claim.kind != RelationKind::Partitioned {
        claim.when = Some(ROUTED.to_owned());
        claim.evidence = Evidence::Assumed;
    }
    claim
}

/// Whether a `DELETE` leaves nothing.
fn is_all(query: &Query) -> bool {
    query.filter.is_none() && query.reads.is_empty() && !query.target_only
}

fn works(writes: bool) -> Works {
    if writes { Works::DML } else { Works::NONE }
}

/// What triggers see of it.
fn events(query: &Query) -> impl Iterator<Item = TriggerEvent> {
    use TriggerEvent::{Delete, Insert, Update};
    let seen: &[TriggerEvent] = match query.verb {
        Verb::Insert if query.on_conflict == Some(true) => &[Insert, Update],
        Verb::Insert | Verb::CopyFrom => &[Insert],
        Verb::Update => &[Update],
        Verb::Delete => &[Delete],
        Verb::Merge => &[Insert, Update, Delete],
        Verb::Select | Verb::CopyTo => &[],
    };
    seen.iter().copied()
}

/// Whether nothing in the query keeps its rows few: no values of its own, no `LIMIT`, no key in its `WHERE`.
fn is_unbounded(query: &Query, target: Option<&Relation>) -> bool {
    match query.verb {
        Verb::Insert => query.rows == Rows::Query && !query.limited && !query.reads.is_empty(),
        Verb::Update | Verb::Delete => !query.limited && !is_by_key(query, target),
        Verb::Merge => true,
        Verb::Select | Verb::CopyFrom | Verb::CopyTo => false,
    }
}

/// Whether a key is compared with nothing that is read.
fn is_by_key(query: &Query, target: Option<&Relation>) -> bool {
    query.reads.is_empty() && query.filter.as_ref().is_some_and(|filter| names_key(filter, target))
}

/// Whether a `WHERE` names all columns of a key.
pub(super) fn names_key(filter: &Expr, target: Option<&Relation>) -> bool {
    let named = |key: &[String]| !key.is_empty() && key.iter().all(|column| filter.columns.contains(column));
    target.is_some_and(|target| target.constraints.iter().filter_map(key).any(named))
}

/// The columns of a key.
fn key(constraint: &Constraint) -> Option<&[String]> {
    match &constraint.kind {
        ConstraintKind::Primary { columns, .. } | ConstraintKind::Unique { columns, .. } => Some(columns),
        _ => None,
    }
}
