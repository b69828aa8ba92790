//! The few ways in which a catalog changes. Each leaves behind how it is taken back, so that a statement that fails
//! half-way changes nothing, and a transaction can be rolled back at the cost of what it did.

use std::fmt;
use std::hash::Hash;
use std::mem::replace;
use std::sync::Arc;

use rustc_hash::FxHashMap;

use super::links::{Node, Part};
use super::{Catalog, Relation, RelationId};

/// A moment of a catalog that can be gone back to.
#[derive(Clone, Copy, Debug)]
pub struct Mark(usize);

/// How the changes since the first open [`Mark`] are taken back.
#[derive(Clone, Default)]
pub(super) struct Log {
    undo: Vec<Undo>,
    marks: usize,
}

/// Takes back one change.
type Undo = Arc<dyn Fn(&mut Catalog) + Send + Sync>;

/// What can be kept in a log.
pub(super) trait Value: Clone + Send + Sync + 'static {}

impl<T: Clone + Send + Sync + 'static> Value for T {}

/// A field of a relation.
pub(super) type Field<T> = fn(&mut Relation) -> &mut T;

/// A map of the catalog.
pub(super) type Store<K, V> = fn(&mut Catalog) -> &mut FxHashMap<K, V>;

impl Catalog {
    /// Remembers this moment. Every mark is [released](Self::release) when it is no longer needed, the last first.
    pub fn mark(&mut self) -> Mark {
        self.log.marks += 1;
        Mark(self.log.undo.len())
    }

    /// Makes the catalog what it was at that moment, which stays remembered.
    pub fn roll_back(&mut self, mark: Mark) {
        while self.log.undo.len() > mark.0 {
            if let Some(undo) = self.log.undo.pop() {
                undo(self);
            }
        }
        self.numbering.forget();
    }

    /// Forgets a moment; what was done since stays.
    pub fn release(&mut self, _mark: Mark) {
        self.log.marks = self.log.marks.saturating_sub(1);
        if self.log.marks == 0 {
            self.log.undo.clear();
        }
    }

    pub(super) fn on_undo(&mut self, undo: impl Fn(&mut Self) + Send + Sync + 'static) {
        if self.log.marks > 0 {
            self.log.undo.push(Arc::new(undo));
        }
    }

    /// Puts `value` in the place of what a field holds.
    pub(super) fn set<T: Value>(&mut self, id: RelationId, field: Field<T>, value: T) {
        let Some(relation) = self.get_mut(id) else { return };
        let old = replace(field(relation), value);
        self.on_undo(move |catalog| catalog.with(id, |relation| *field(relation) = old.clone()));
    }

    /// Puts one more into a list, at its end.
    pub(super) fn push<T: Part>(&mut self, id: RelationId, list: Field<Vec<T>>, value: T) {
        let Some(relation) = self.get_mut(id) else { return };
        let used = value.uses();
        list(relation).push(value);
        self.on_undo(move |catalog| catalog.with(id, |relation| drop(list(relation).pop())));
        for node in used {
            self.link(node, Node::Relation(id));
        }
    }

    /// Takes one out of a list.
    pub(super) fn take<T: Part>(&mut self, id: RelationId, list: Field<Vec<T>>, at: usize) -> Option<T> {
        let list_now = list(self.get_mut(id)?);
        let value = (at < list_now.len()).then(|| list_now.remove(at))?;
        let old = value.clone();
        self.on_undo(move |catalog| catalog.with(id, |relation| list(relation).insert(at, old.clone())));
        for node in value.uses() {
            self.unlink(node, Node::Relation(id));
        }
        Some(value)
    }

    /// Changes one of a list.
    pub(super) fn change<T: Part>(
        &mut self,
        id: RelationId,
        list: Field<Vec<T>>,
        at: usize,
        change: impl FnOnce(&mut T),
    ) {
        let Some(value) = self.get_mut(id).and_then(|relation| list(relation).get_mut(at)) else { return };
        let old = value.clone();
        change(value);
        let (before, after) = (old.uses(), value.uses());
        self.on_undo(move |catalog| {
            catalog
                .with(id, |relation| list(relation).get_mut(at).into_iter().for_each(|v| *v = old.clone()));
        });
        if before != after {
            for node in before {
                self.unlink(node, Node::Relation(id));
            }
            for node in after {
                self.link(node, Node::Relation(id));
            }
        }
    }

    /// Puts `value` at `key`, or takes away what is there; what was there.
    pub(super) fn put<K: Value + Hash + Eq, V: Value>(
        &mut self,
        store: Store<K, V>,
        key: K,
        value: Option<V>,
    ) -> Option<V> {
        let old = swap(store(self), key.clone(), value);
        let back = old.clone();
        self.on_undo(move |catalog| drop(swap(store(catalog), key.clone(), back.clone())));
        old
    }

    /// Puts a relation at a place, or takes away what is there; what was there.
    pub(super) fn put_relation(&mut self, id: RelationId, relation: Option<Relation>) -> Option<Relation> {
        let old = replace(self.relations.get_mut(id.0 as usize)?, relation);
        let back = old.clone();
        self.on_undo(move |catalog| {
            let place = catalog.relations.get_mut(id.0 as usize);
            if let Some(place) = place {
                place.clone_from(&back);
            }
        });
        old
    }

    fn get_mut(&mut self, id: RelationId) -> Option<&mut Relation> {
        self.relations.get_mut(id.0 as usize)?.as_mut()
    }

    fn with(&mut self, id: RelationId, change: impl FnOnce(&mut Relation)) {
        if let Some(relation) = self.get_mut(id) {
            change(relation);
        }
    }
}

fn swap<K: Hash + Eq, V>(map: &mut FxHashMap<K, V>, key: K, value: Option<V>) -> Option<V> {
    match value {
        Some(value) => map.insert(key, value),
        None => map.remove(&key),
    }
}

impl fmt::Debug for Log {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Log").field("undo", &self.undo.len()).field("marks", &self.marks).finish()
    }
}
