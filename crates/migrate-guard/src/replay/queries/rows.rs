use crate::catalog::{Found, Relation, RelationId};
use crate::claim::RelationKind;
use crate::ddl::{Query, Read, Rows, Verb};
use crate::replay::World;

impl World<'_> {
    /// Whether a relation may hold rows, as far as the migrations wrote any.
    pub(in crate::replay) fn holds_rows(&self, id: RelationId) -> bool {
        self.catalog.tree(id).into_iter().any(|id| self.holds_rows_itself(id))
    }

    fn holds_rows_itself(&self, id: RelationId) -> bool {
        let Some(relation) = self.catalog.get(id) else { return false };
        match relation.kind {
            RelationKind::View => self.view_sources(id).into_iter().any(|id| self.holds_rows(id)),
            RelationKind::Foreign | RelationKind::Sequence => true,
            _ => relation.written || relation.born.is_none() || self.is_written_above(relation),
        }
    }

    /// Whether rows were written to what it is a partition of: some of them may have gone to it.
    fn is_written_above(&self, relation: &Relation) -> bool {
        let mut above = relation.partition_of;
        while let Some(parent) = above.and_then(|id| self.catalog.get(id)) {
            if parent.written {
                return true;
            }
            above = parent.partition_of;
        }
        false
    }

    /// Whether what a query reads can have given it a row: nothing is read, or all is there. Joins that keep rows by
    /// themselves begin with what they keep.
    pub(in crate::replay) fn has_rows(&self, reads: &[Read]) -> bool {
        let full = reads.iter().filter(|read| self.read_holds_rows(read)).count();
        full == reads.len() || (full > 0 && reads.first().is_some_and(|read| self.read_holds_rows(read)))
    }

    fn read_holds_rows(&self, read: &Read) -> bool {
        match self.catalog.find(&read.name, &self.path) {
            Found::Here(id, _) => self.holds_rows(id),
            Found::Gone | Found::Unknown => true,
        }
    }

    /// Whether a query that writes to `target` may write a row.
    pub(super) fn writes_rows(&self, query: &Query, target: Option<RelationId>) -> bool {
        match query.verb {
            Verb::Insert if query.rows == Rows::Query => self.has_rows(&query.reads),
            Verb::Update | Verb::Delete => {
                target.is_none_or(|id| self.holds_rows(id)) && self.has_rows(&joined(query))
            }
            Verb::Merge => self.has_rows(&query.reads),
            _ => true,
        }
    }
}

/// What a query reads besides the subqueries of its `WHERE`, which may well be true of no row.
fn joined(query: &Query) -> Vec<Read> {
    let filtering = query.filter.as_ref().map_or(&[][..], |filter| &filter.reads);
    query.reads.iter().filter(|read| !filtering.contains(read)).cloned().collect()
}
