//! What rests on an object.

use super::{Bond, Object};
use crate::QualifiedName;
use crate::catalog::links::Node;
use crate::catalog::{Catalog, Column, Constraint, ConstraintKind, RelationId};
use crate::claim::RelationKind;

type Dependents = Vec<(Object, Bond)>;

impl Catalog {
    /// What rests on `object` directly, and whether it goes with it unasked.
    pub(super) fn dependents(&self, object: &Object) -> Dependents {
        match object {
            Object::Relation(id) => self.on_relation(*id),
            Object::Column(table, column) => self.on_column(*table, column),
            Object::Constraint(table, id) => self.on_constraint(*table, *id),
            Object::Type(name) => self.on_type(name),
            Object::Function(name, _) => self.on_function(name),
            Object::Schema(name) => self.on_schema(name),
            Object::Default(..) | Object::Trigger(..) => Vec::new(),
        }
    }

    fn on_relation(&self, id: RelationId) -> Dependents {
        let relation = self.at(id);
        match relation.kind {
            RelationKind::Index => self.on_index(id),
            RelationKind::Sequence => self.on_sequence(id),
            _ => {
                let parts = relation.indexes.iter().copied().chain(self.owned_sequences(id));
                let parts = parts.map(|part| (Object::Relation(part), Bond::Part));
                let children =
                    relation.children.iter().map(|child| (Object::Relation(*child), self.child_bond(*child)));
                parts
                    .chain(children)
                    .chain(self.users_of_relation(id))
                    .chain(self.on_type(&relation.name))
                    .collect()
            }
        }
    }

    /// A partition goes with its table; one that only inherits must be asked for.
    fn child_bond(&self, child: RelationId) -> Bond {
        if self.at(child).partition_of.is_some() { Bond::Part } else { Bond::Dependent }
    }

    /// Views that read it, and foreign keys that reference it.
    fn users_of_relation(&self, id: RelationId) -> Dependents {
        let mut dependents = Vec::new();
        for user in self.relations_using(Node::Relation(id)) {
            let relation = self.at(user);
            if relation.reads.contains(&id) {
                dependents.push((Object::Relation(user), Bond::Dependent));
            }
            let keys = relation.constraints.iter().filter(|constraint| constraint.references() == Some(id));
            dependents.extend(keys.map(|key| (Object::Constraint(user, key.id), Bond::Dependent)));
        }
        dependents
    }

    fn on_index(&self, id: RelationId) -> Dependents {
        let Some(info) = &self.at(id).index else { return Vec::new() };
        let mut dependents = Vec::new();
        for partition in &self.at(info.table).children {
            let mut indexes = self.at(*partition).indexes.iter();
            let part = indexes
                .find(|own| self.at(**own).index.as_ref().is_some_and(|info| info.part_of == Some(id)));
            dependents.extend(part.map(|part| (Object::Relation(*part), Bond::Part)));
        }
        if info.unique {
            let keys = self.referencing(info.table).into_iter();
            let keys = keys.filter(|(_, key)| key.rests_on_index() == Some(id));
            dependents.extend(keys.map(|(table, key)| (Object::Constraint(table, key.id), Bond::Dependent)));
        }
        dependents
    }

    fn on_sequence(&self, id: RelationId) -> Dependents {
        let draws =
            |column: &&Column| column.default.as_ref().is_some_and(|default| default.sequences.contains(&id));
        let users = self.relations_using(Node::Relation(id)).into_iter();
        let columns =
            users.flat_map(|user| self.at(user).columns.iter().filter(draws).map(move |c| (user, c)));
        columns.map(|(user, column)| (Object::Default(user, column.name.clone()), Bond::Dependent)).collect()
    }

    fn on_column(&self, table: RelationId, column: &str) -> Dependents {
        let relation = self.at(table);
        let mut dependents = Vec::new();
        for constraint in relation.constraints.iter().filter(|constraint| constraint.names(column)) {
            dependents.push((Object::Constraint(table, constraint.id), Bond::Part));
        }
        for index in self.indexes_using(table, column) {
            let constraint = self.constraint_of(table, index).map(|own| Object::Constraint(table, own.id));
            dependents.push((constraint.unwrap_or(Object::Relation(index)), Bond::Part));
        }
        let owned = |id: &RelationId| self.at(*id).owned_by.as_ref().is_some_and(|(_, own)| own == column);
        let sequences = self.owned_sequences(table).into_iter().filter(owned);
        dependents.extend(sequences.map(|id| (Object::Relation(id), Bond::Part)));
        let made = relation.columns.iter().filter(|own| own.made_of.iter().any(|from| from == column));
        dependents.extend(made.map(|own| (Object::Column(table, own.name.clone()), Bond::Dependent)));
        let triggers = relation.triggers.iter().filter(|own| own.columns.iter().any(|of| of == column));
        dependents.extend(triggers.map(|own| (Object::Trigger(table, own.name.clone()), Bond::Dependent)));
        let keys = self.referencing(table).into_iter().filter(|(_, key)| key.references_column(column));
        dependents.extend(keys.map(|(user, key)| (Object::Constraint(user, key.id), Bond::Dependent)));
        // A table without what it is partitioned by is none.
        let parts =
            relation.partition_by.as_ref().is_some_and(|by| by.columns.iter().any(|own| own == column));
        dependents.extend(parts.then_some((Object::Relation(table), Bond::Part)));
        dependents
    }

    fn on_constraint(&self, table: RelationId, id: crate::catalog::ConstraintId) -> Dependents {
        let relation = self.at(table);
        let constraint = relation.constraints.iter().find(|constraint| constraint.id == id);
        let index = constraint.and_then(Constraint::index);
        let mut dependents: Dependents =
            index.map(|index| (Object::Relation(index), Bond::Part)).into_iter().collect();
        for partition in &relation.children {
            let parts = self.at(*partition).constraints.iter().filter(|own| own.part_of == Some(id));
            dependents.extend(parts.map(|part| (Object::Constraint(*partition, part.id), Bond::Part)));
        }
        dependents
    }

    /// Columns of the type, typed tables, domains over it, functions that take or return it.
    fn on_type(&self, name: &QualifiedName) -> Dependents {
        let mut dependents = Vec::new();
        for user in self.users(Node::Type(name.clone())) {
            match user {
                Node::Relation(id) if self.at(*id).of_type.as_ref() == Some(name) => {
                    dependents.push((Object::Relation(*id), Bond::Dependent));
                }
                Node::Relation(id) => {
                    let columns = self.at(*id).columns.iter().filter(|column| column.is_of(name));
                    dependents
                        .extend(columns.map(|c| (Object::Column(*id, c.name.clone()), Bond::Dependent)));
                }
                Node::Type(ty) => dependents.push((Object::Type(ty.clone()), Bond::Dependent)),
                Node::Function(function) => {
                    let functions = self.functions.get(function).into_iter().flatten();
                    let users = functions.filter(|one| one.speaks_of(name));
                    let user = |arguments: &[_]| Object::Function(function.clone(), arguments.to_vec());
                    dependents.extend(users.map(|one| (user(&one.arguments), Bond::Dependent)));
                }
                Node::Schema(_) => {}
            }
        }
        dependents
    }

    fn on_function(&self, name: &QualifiedName) -> Dependents {
        // Which of several functions of a name is meant is not known: they stay.
        if self.functions.get(name).is_some_and(|functions| functions.len() > 1) {
            return Vec::new();
        }
        let mut dependents = Vec::new();
        for user in self.relations_using(Node::Function(name.clone())) {
            let relation = self.at(user);
            let triggers = relation.triggers.iter().filter(|trigger| trigger.function.or_in("") == *name);
            dependents.extend(triggers.map(|t| (Object::Trigger(user, t.name.clone()), Bond::Dependent)));
            let calls = |column: &&Column| {
                let mut calls = column.default.iter().flat_map(|default| &default.calls);
                calls.any(|call| call.or_in("") == *name)
            };
            let columns = relation.columns.iter().filter(calls);
            dependents.extend(columns.map(|c| (Object::Default(user, c.name.clone()), Bond::Dependent)));
        }
        dependents
    }

    fn on_schema(&self, name: &str) -> Dependents {
        let mut dependents = Vec::new();
        for user in self.users(Node::Schema(name.to_owned())) {
            match user {
                Node::Relation(id) => dependents.push((Object::Relation(*id), Bond::Dependent)),
                Node::Type(ty) => dependents.push((Object::Type(ty.clone()), Bond::Dependent)),
                Node::Function(function) => {
                    let functions = self.functions.get(function).into_iter().flatten();
                    let object = |arguments: &[_]| Object::Function(function.clone(), arguments.to_vec());
                    dependents.extend(functions.map(|one| (object(&one.arguments), Bond::Dependent)));
                }
                Node::Schema(_) => {}
            }
        }
        dependents
    }
}

impl Constraint {
    /// The table that a foreign key references.
    pub(in crate::catalog) fn references(&self) -> Option<RelationId> {
        if let ConstraintKind::Foreign { references, .. } = self.kind { Some(references) } else { None }
    }

    fn rests_on_index(&self) -> Option<RelationId> {
        if let ConstraintKind::Foreign { index, .. } = self.kind { index } else { None }
    }

    /// Whether it is a foreign key whose referenced index nobody knows, on that column.
    fn references_column(&self, column: &str) -> bool {
        match &self.kind {
            ConstraintKind::Foreign { referenced, .. } => referenced.iter().any(|own| own == column),
            _ => false,
        }
    }

    /// Whether it is a check or foreign key that names the column, or its `NOT NULL`.
    fn names(&self, column: &str) -> bool {
        match &self.kind {
            ConstraintKind::Foreign { columns, .. }
            | ConstraintKind::Check { columns, .. }
            | ConstraintKind::Primary { columns, index: None }
            | ConstraintKind::Unique { columns, index: None } => columns.iter().any(|own| own == column),
            ConstraintKind::NotNull { column: own } => own == column,
            _ => false,
        }
    }

    /// Whether the column is in the key.
    pub(in crate::catalog) fn key_has(&self, column: &str) -> bool {
        match &self.kind {
            ConstraintKind::Primary { columns, .. }
            | ConstraintKind::Unique { columns, .. }
            | ConstraintKind::Exclude { columns, .. } => columns.iter().any(|own| own == column),
            _ => false,
        }
    }
}

impl Column {
    /// Whether it is of that type, or an array of it.
    pub(in crate::catalog) fn is_of(&self, name: &QualifiedName) -> bool {
        self.ty.as_ref().is_some_and(|ty| ty.name.schema.is_some() && ty.name.or_in("") == *name)
    }
}
