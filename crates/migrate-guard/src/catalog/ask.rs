use super::{Catalog, Function, RelationId, TypeDef};
use crate::QualifiedName;

impl Catalog {
    /// The place of the next relation that is made: those before it are older.
    pub(crate) fn next_id(&self) -> RelationId {
        RelationId(u32::try_from(self.relations.len()).unwrap_or(u32::MAX))
    }

    /// A relation and all below it.
    pub(crate) fn tree(&self, root: RelationId) -> Vec<RelationId> {
        std::iter::once(root).chain(self.descendants(root)).collect()
    }

    /// Says whether a relation holds rows.
    pub(crate) fn note_rows(&mut self, id: RelationId, written: bool) {
        if self.get(id).is_some_and(|relation| relation.written != written) {
            self.set(id, |relation| &mut relation.written, written);
        }
    }

    /// Says that a relation is only taken to be there.
    pub(crate) fn note_guess(&mut self, id: RelationId) {
        if self.get(id).is_some() {
            self.set(id, |relation| &mut relation.guessed, true);
        }
    }

    /// Every type that migrations made, in no order.
    pub(crate) fn types(&self) -> impl Iterator<Item = (&QualifiedName, &TypeDef)> + Clone {
        self.types.iter()
    }

    /// Every function that migrations made, in no order.
    pub(crate) fn functions(&self) -> impl Iterator<Item = (&QualifiedName, &[Function])> {
        self.functions.iter().map(|(name, all)| (name, all.as_slice()))
    }

    /// Every schema that migrations made, in no order.
    pub(crate) fn schemas(&self) -> impl Iterator<Item = &str> {
        self.schemas.keys().map(String::as_str)
    }

    /// Every extension that migrations made, in no order.
    pub(crate) fn extensions(&self) -> impl Iterator<Item = &str> {
        self.extensions.keys().map(String::as_str)
    }
}
