//! What is asked of a catalog by those who say what a statement does.

use rustc_hash::FxHashSet;

use super::links::Node;
use super::{Catalog, Constraint, ConstraintKind, RelationId};
use crate::QualifiedName;
use crate::claim::RelationKind;

impl Catalog {
    /// A valid check constraint of the table that keeps the column from being null.
    ///
    /// Whether the column is required already, as those of a primary key are, the column itself says.
    pub fn proves_not_null(&self, table: RelationId, column: &str) -> Option<&Constraint> {
        let mut proven =
            self.get(table)?.constraints.iter().filter(|constraint| constraint.valid && constraint.enforced);
        proven.find(|constraint| {
            matches!(&constraint.kind, ConstraintKind::Check { not_null, .. } if not_null.iter().any(|c| c == column))
        })
    }

    /// The indexes of a table in which a column has a part: as a column, in an expression or in the predicate.
    pub fn indexes_using(&self, table: RelationId, column: &str) -> Vec<RelationId> {
        let indexes = self.at(table).indexes.iter().copied();
        let uses = |id: &RelationId| {
            self.at(*id).index.as_ref().is_some_and(|info| {
                let mut names = info.columns.iter().flatten().chain(&info.include).chain(&info.mentions);
                names.any(|name| name == column)
            })
        };
        indexes.filter(uses).collect()
    }

    /// The foreign keys that reference a table, each with the table that has it.
    pub fn referencing(&self, table: RelationId) -> Vec<(RelationId, &Constraint)> {
        let users = self.relations_using(Node::Relation(table)).into_iter();
        let keys = |user: RelationId| self.at(user).constraints.iter().map(move |key| (user, key));
        users.flat_map(keys).filter(|(_, key)| key.references() == Some(table)).collect()
    }

    /// What is below a table: its partitions or what inherits from it, and what is below those, each once; each child in
    /// the order it was made, with what is below it right behind.
    pub fn descendants(&self, table: RelationId) -> Vec<RelationId> {
        reach(table, |id| {
            let mut children = self.at(id).children.clone();
            children.sort_unstable_by(|a, b| b.cmp(a));
            children
        })
    }

    /// What a table is a partition of or inherits from, and what that does, the nearest first.
    pub fn ancestors(&self, table: RelationId) -> Vec<RelationId> {
        reach(table, |id| {
            let mut parents: Vec<_> = self.at(id).parents().collect();
            parents.reverse();
            parents
        })
    }

    /// The views that are made of a column: they name it, and nothing else that they read has one of that name.
    pub fn views_of(&self, table: RelationId, column: &str) -> Vec<RelationId> {
        let mut views = self.relations_using(Node::Relation(table));
        let lacks = |other: &RelationId| {
            let other = self.at(*other);
            other.complete && other.column(column).is_none()
        };
        views.retain(|view| {
            let view = self.at(*view);
            let is_named = view.reads.contains(&table) && view.made_of.iter().any(|own| own == column);
            is_named && view.reads.iter().all(|other| *other == table || lacks(other))
        });
        views
    }

    /// The views that read a relation, and those that read these, and so on.
    pub fn views_reading(&self, relation: RelationId) -> Vec<RelationId> {
        reach(relation, |id| {
            let mut views = self.relations_using(Node::Relation(id));
            views.retain(|view| self.at(*view).reads.contains(&id));
            views.reverse();
            views
        })
    }

    /// The sequences that a table's columns own, in the order they were made.
    pub fn owned_sequences(&self, table: RelationId) -> Vec<RelationId> {
        let mut users = self.relations_using(Node::Relation(table));
        users.retain(|id| {
            let user = self.at(*id);
            user.kind == RelationKind::Sequence
                && user.owned_by.as_ref().is_some_and(|(owner, _)| *owner == table)
        });
        users
    }

    /// The columns that have a type, also as an array or by way of a domain over it, each with its relation.
    pub fn columns_of_type(&self, ty: &QualifiedName) -> Vec<(RelationId, &str)> {
        let mut columns = Vec::new();
        let mut seen = FxHashSet::default();
        let mut open = vec![ty.clone()];
        while let Some(ty) = open.pop() {
            for user in
                self.users(Node::Type(ty.clone())).filter(|user| seen.insert((ty.clone(), (*user).clone())))
            {
                match user {
                    Node::Relation(id) => {
                        let own = self.at(*id).columns.iter().filter(|column| column.is_of(&ty));
                        columns.extend(own.map(|column| (*id, column.name.as_str())));
                    }
                    Node::Type(over) => open.push(over.clone()),
                    Node::Function(_) | Node::Schema(_) => {}
                }
            }
        }
        columns
    }

    /// The relations of which a column has a type, in the order they were made.
    pub fn tables_with_type(&self, ty: &QualifiedName) -> Vec<RelationId> {
        let mut tables: Vec<_> = self.columns_of_type(ty).into_iter().map(|(table, _)| table).collect();
        tables.sort_unstable();
        tables.dedup();
        tables
    }

    /// The tables that are made of a type, in the order they were made.
    pub fn typed_tables(&self, ty: &QualifiedName) -> Vec<RelationId> {
        let mut users = self.relations_using(Node::Type(ty.clone()));
        users.retain(|id| self.at(*id).of_type.as_ref() == Some(ty));
        users
    }

    /// A valid index of a table whose first columns are these, in whatever order.
    pub fn index_covering(&self, table: RelationId, columns: &[String]) -> Option<RelationId> {
        let covers = |id: &RelationId| {
            self.at(*id).index.as_ref().is_some_and(|info| {
                let first = info.columns.get(..columns.len()).unwrap_or_default();
                let named = |column: &String| first.iter().flatten().any(|own| own == column);
                info.valid && !info.partial && !first.is_empty() && columns.iter().all(named)
            })
        };
        self.at(table).indexes.iter().copied().find(covers)
    }
}

/// All that can be reached by `next`, the start left out. `next` gives the last to be visited first.
fn reach(start: RelationId, next: impl Fn(RelationId) -> Vec<RelationId>) -> Vec<RelationId> {
    let mut seen = FxHashSet::from_iter([start]);
    let mut reached = Vec::new();
    let mut open = next(start);
    while let Some(id) = open.pop() {
        if seen.insert(id) {
            reached.push(id);
            open.extend(next(id));
        }
    }
    reached
}
