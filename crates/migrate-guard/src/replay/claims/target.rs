use crate::QualifiedName;
use crate::catalog::{Column, Relation, RelationId};
use crate::claim::{RelationKind, Work, Works};

/// A relation that something is done to, whether the catalog knows it or not.
#[derive(Clone, Debug)]
pub(super) struct Target<'w> {
    /// Its full name before the statement.
    pub(super) name: QualifiedName,
    place: Option<(RelationId, &'w Relation)>,
}

impl<'w> Target<'w> {
    /// One that the catalog has.
    pub(super) fn known(id: RelationId, relation: &'w Relation) -> Self {
        Self { name: relation.name.clone(), place: Some((id, relation)) }
    }

    /// One that no migration speaks of.
    pub(super) fn unknown(name: QualifiedName) -> Self {
        Self { name, place: None }
    }

    /// Its place, if the catalog has it.
    pub(super) fn id(&self) -> Option<RelationId> {
        self.place.map(|(id, _)| id)
    }

    /// What the catalog knows of it.
    pub(super) fn relation(&self) -> Option<&'w Relation> {
        self.place.map(|(_, relation)| relation)
    }

    /// Its kind; one that is not known is taken for a table.
    pub(super) fn kind(&self) -> RelationKind {
        self.relation().map(|relation| relation.kind).unwrap_or_default()
    }

    /// Whether it holds no rows itself.
    pub(super) fn is_partitioned(&self) -> bool {
        self.kind() == RelationKind::Partitioned
    }

    /// Its column of that name.
    pub(super) fn column(&self, name: &str) -> Option<&'w Column> {
        self.relation()?.column(name)
    }

    /// Whether all of its columns are known.
    pub(super) fn is_complete(&self) -> bool {
        self.relation().is_some_and(|relation| relation.complete)
    }

    /// Whether it may have that column without anybody having said so.
    pub(super) fn may_have(&self, column: &str) -> bool {
        self.column(column).is_none() && !self.is_complete()
    }

    /// Whether it has indexes.
    pub(super) fn is_indexed(&self) -> bool {
        self.relation().is_some_and(|relation| !relation.indexes.is_empty())
    }

    /// Of `work`, what is done to it itself: a partitioned table has indexes, and no rows.
    pub(super) fn own(&self, work: Works) -> Works {
        match self.kind() {
            RelationKind::Table | RelationKind::MaterializedView => work,
            RelationKind::Partitioned if work.has(Work::Index) => Works::INDEX,
            _ => Works::NONE,
        }
    }

    /// Of `work`, what is done to its own rows.
    pub(super) fn own_rows(&self, work: Works) -> Works {
        if self.is_partitioned() { Works::NONE } else { self.own(work) }
    }

    /// What writing it anew is: every row is read, and its indexes are built anew too.
    pub(super) fn rewrite(&self) -> Works {
        self.refill().and(self.own_rows(Works::SCAN))
    }

    /// What it is to give it a new file without a look at the old: its indexes are built from the new.
    pub(super) fn refill(&self) -> Works {
        let indexes = if self.is_indexed() { Works::BUILD } else { Works::NONE };
        self.own_rows(Works::REWRITE.and(indexes))
    }
}

/// Two names for one relation.
impl PartialEq for Target<'_> {
    fn eq(&self, other: &Self) -> bool {
        match (self.id(), other.id()) {
            (Some(one), Some(other)) => one == other,
            (None, None) => self.name == other.name,
            _ => false,
        }
    }
}
