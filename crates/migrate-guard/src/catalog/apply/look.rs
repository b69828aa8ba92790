//! What a statement speaks of: found, or taken to be there since the statement says so.

use std::sync::LazyLock;

use super::{At, Attempt, Refused};
use crate::catalog::model::TEMPORARY;
use crate::catalog::{Catalog, Column, Found, Relation, RelationId};
use crate::claim::RelationKind;
use crate::ddl::{ObjectKind, Persistence};
use crate::{ObjectName, QualifiedName};

impl Catalog {
    /// The relation that a statement speaks of. One that no migration made was there before them.
    pub(super) fn target(
        &mut self,
        name: &ObjectName,
        kind: RelationKind,
        at: At<'_>,
    ) -> Attempt<RelationId> {
        let found = match self.find(name, at.path) {
            Found::Here(id, _) => Some(id),
            Found::Gone => return Err(Refused("relation does not exist")),
            Found::Unknown => None,
        };
        Ok(found.unwrap_or_else(|| self.assume(name, kind, at)))
    }

    /// The same, of a statement with `IF EXISTS`: it says nothing of a relation that nobody knows.
    pub(super) fn target_if(
        &mut self,
        name: &ObjectName,
        kind: RelationKind,
        if_exists: bool,
        at: At<'_>,
    ) -> Attempt<Option<RelationId>> {
        match self.find(name, at.path) {
            Found::Here(id, _) => Ok(Some(id)),
            _ if if_exists => Ok(None),
            _ => self.target(name, kind, at).map(Some),
        }
    }

    fn assume(&mut self, name: &ObjectName, kind: RelationKind, at: At<'_>) -> RelationId {
        let name = self.qualify(name, at.path);
        self.create(Relation { name, kind, written: true, ..Relation::default() })
    }

    /// A relation that is there. One that is not is empty, which cannot happen to an id from a moment ago.
    pub(in crate::catalog) fn at(&self, id: RelationId) -> &Relation {
        static NONE: LazyLock<Relation> = LazyLock::new(Relation::default);
        self.get(id).unwrap_or(&NONE)
    }

    /// Whether something has that name. What is only known from being spoken of gives way to what is made.
    pub(super) fn is_there(&self, name: &QualifiedName) -> bool {
        self.id(name).is_some_and(|(_, relation)| !relation.is_assumed()) || self.types.contains_key(name)
    }

    /// Where the column stands. Of a table of which not everything is known, it is taken to be there.
    pub(super) fn column_at(&mut self, table: RelationId, column: &str) -> Attempt<usize> {
        let relation = self.at(table);
        match relation.columns.iter().position(|c| c.name == column) {
            Some(at) => Ok(at),
            None if relation.complete => Err(Refused("column does not exist")),
            None => Ok(self.assume_column(table, column)),
        }
    }

    fn assume_column(&mut self, table: RelationId, column: &str) -> usize {
        let at = self.at(table).columns.len();
        self.push(
            table,
            |r| &mut r.columns,
            Column { name: column.to_owned(), local: true, ..Column::default() },
        );
        at
    }

    /// That the columns are there.
    pub(super) fn need_columns<'a>(
        &mut self,
        table: RelationId,
        columns: impl IntoIterator<Item = &'a String>,
    ) -> Attempt {
        columns.into_iter().try_for_each(|column| self.column_at(table, column).map(drop))
    }
}

/// The full name of a new relation.
pub(super) fn new_name(name: &ObjectName, lives: Persistence, at: At<'_>) -> QualifiedName {
    match lives {
        Persistence::Temporary => QualifiedName::new(TEMPORARY, &name.name),
        _ => name.or_in(at.path.first()),
    }
}

impl Relation {
    /// Whether it is only known from being spoken of.
    pub(in crate::catalog) fn is_assumed(&self) -> bool {
        self.born.is_none() && !self.complete
    }

    /// Its parents: the partitioned table, and what it inherits from.
    pub(in crate::catalog) fn parents(&self) -> impl Iterator<Item = RelationId> {
        self.partition_of.into_iter().chain(self.inherits.iter().copied())
    }

    /// Whether it is partitioned.
    pub(in crate::catalog) fn is_partitioned(&self) -> bool {
        self.kind == RelationKind::Partitioned
    }
}

/// What `ALTER` or `DROP` of that kind is taken to speak of.
pub(super) const fn relation_kind(kind: ObjectKind) -> RelationKind {
    match kind {
        ObjectKind::ForeignTable => RelationKind::Foreign,
        ObjectKind::View => RelationKind::View,
        ObjectKind::MaterializedView => RelationKind::MaterializedView,
        ObjectKind::Index => RelationKind::Index,
        ObjectKind::Sequence => RelationKind::Sequence,
        _ => RelationKind::Table,
    }
}
