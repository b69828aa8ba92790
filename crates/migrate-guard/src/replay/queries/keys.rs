use crate::catalog::{ConstraintKind, DefaultValue, Relation, RelationId};
use crate::claim::{Cause, Works};
use crate::ddl::{OnDelete, Query, Verb};
use crate::replay::run::Run;
use crate::{Evidence, Lock};

/// How far cascades are followed.
const CASCADES: usize = 64;

/// A foreign key that points at a table.
struct Pointing {
    from: RelationId,
    referenced: Vec<String>,
    on_delete: OnDelete,
    on_update: OnDelete,
}

impl Run<'_, '_> {
    /// Foreign keys of rows that are written: those they have, and those that point at them.
    pub(super) fn check_keys(&mut self, id: RelationId, query: &Query) {
        if query.verb != Verb::Delete {
            self.check_references(id, query);
        }
        if matches!(query.verb, Verb::Delete | Verb::Merge) {
            self.check_deleted(id, query);
        } else if query.verb == Verb::Update {
            self.check_changed(id, query);
        }
    }

    /// A row that references another takes a key share lock of it.
    fn check_references(&mut self, id: RelationId, query: &Query) {
        let Some(relation) = self.world.catalog.get(id) else { return };
        let keys = relation.constraints.iter().filter(|constraint| constraint.enforced);
        let asked = keys.filter_map(|constraint| match &constraint.kind {
            ConstraintKind::Foreign { columns, references, .. } if is_asked(query, relation, columns) => {
                Some(*references)
            }
            _ => None,
        });
        for references in asked.collect::<Vec<_>>() {
            self.look_up(references, Lock::RowShare, Works::NONE, query);
        }
    }

    /// Rows that are deleted: who points at them is asked, or goes too.
    fn check_deleted(&mut self, id: RelationId, query: &Query) {
        let mut gone = vec![id];
        let mut at = 0;
        while let Some(id) = gone.get(at).copied().filter(|_| at < CASCADES) {
            at += 1;
            for key in self.pointing_at(id) {
                let writes = self.follow(&key, key.on_delete, query);
                if writes && key.on_delete == OnDelete::Cascade && !gone.contains(&key.from) {
                    gone.push(key.from);
                }
            }
        }
    }

    /// Keys that are changed: who points at them is asked.
    fn check_changed(&mut self, id: RelationId, query: &Query) {
        for key in self.pointing_at(id) {
            if key.referenced.iter().any(|column| query.columns.contains(column)) {
                self.follow(&key, key.on_update, query);
            }
        }
    }

    /// What is done to the rows that point at one that goes away or changes; whether any may be written.
    fn follow(&mut self, key: &Pointing, action: OnDelete, query: &Query) -> bool {
        let (lock, writes) = follows(action);
        let writes = writes && self.world.holds_rows(key.from);
        self.look_up(key.from, lock, if writes { Works::DML } else { Works::NONE }, query);
        writes
    }

    fn pointing_at(&self, id: RelationId) -> Vec<Pointing> {
        let keys = self.world.catalog.referencing(id).into_iter().filter(|(_, key)| key.enforced);
        let pointing = keys.filter_map(|(from, key)| match &key.kind {
            ConstraintKind::Foreign { referenced, on_delete, on_update, .. } => Some(Pointing {
                from,
                referenced: referenced.clone(),
                on_delete: *on_delete,
                on_update: *on_update,
            }),
            _ => None,
        });
        pointing.collect()
    }

    /// The query of a foreign key: on all partitions, where there are any.
    fn look_up(&mut self, id: RelationId, lock: Lock, work: Works, query: &Query) {
        for id in self.world.catalog.tree(id) {
            let claim = self.world.claim_on(id, lock, work, Cause::ForeignKeyCheck, query.span);
            self.claim(claim.map(|claim| crate::claim::Claim { evidence: Evidence::Assumed, ..claim }));
        }
    }
}

/// Whether a row that is written is one that the key asks about: none of its columns is null, one of them is new.
fn is_asked(query: &Query, relation: &Relation, columns: &[String]) -> bool {
    let named = |column: &String| query.columns.contains(column);
    match query.verb {
        Verb::Insert | Verb::CopyFrom => {
            query.columns.is_empty()
                || columns.iter().all(|column| named(column) || has_default(relation, column))
        }
        Verb::Update => query.columns.is_empty() || columns.iter().any(named),
        _ => true,
    }
}

fn has_default(relation: &Relation, column: &str) -> bool {
    let column = relation.column(column);
    let default = column.and_then(|column| column.default.as_ref());
    default.is_some_and(|default: &DefaultValue| !default.null)
        || column.is_some_and(|column| column.identity)
}

/// How the referencing table is locked, and whether it is written.
fn follows(action: OnDelete) -> (Lock, bool) {
    match action {
        OnDelete::NoAction | OnDelete::Restrict => (Lock::RowShare, false),
        OnDelete::Cascade | OnDelete::SetNull | OnDelete::SetDefault => (Lock::RowExclusive, true),
    }
}
