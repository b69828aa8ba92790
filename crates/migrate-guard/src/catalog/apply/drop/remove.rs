//! One object goes; what rests on it has gone before.

use super::Object;
use crate::QualifiedName;
use crate::catalog::{Catalog, RelationId};

impl Catalog {
    pub(super) fn remove(&mut self, object: &Object) {
        match object {
            Object::Relation(id) => self.erase(*id),
            Object::Column(table, column) => self.remove_column(*table, column),
            Object::Default(table, column) => self.remove_default(*table, column),
            Object::Constraint(table, id) => self.remove_constraint(*table, *id),
            Object::Trigger(table, name) => self.remove_trigger(*table, name),
            Object::Type(name) => self.remove_type(name),
            Object::Function(name, arguments) => drop(self.take_function(name, arguments)),
            Object::Schema(name) => drop(self.put(|c| &mut c.schemas, name.clone(), Some(false))),
        }
    }

    fn remove_column(&mut self, table: RelationId, column: &str) {
        if let Some(at) = self.at(table).columns.iter().position(|own| own.name == column) {
            self.take(table, |r| &mut r.columns, at);
        }
    }

    fn remove_default(&mut self, table: RelationId, column: &str) {
        if let Some(at) = self.at(table).columns.iter().position(|own| own.name == column) {
            self.change(table, |r| &mut r.columns, at, |own| own.default = None);
        }
    }

    /// Takes a trigger off a table, and off its partitions.
    pub(in crate::catalog::apply) fn remove_trigger(&mut self, table: RelationId, name: &str) {
        if let Some(at) = self.at(table).triggers.iter().position(|own| own.name == name) {
            self.take(table, |r| &mut r.triggers, at);
        }
        for partition in self.at(table).children.clone() {
            let inherited = |own: &&crate::catalog::Trigger| own.name == name && own.inherited;
            if self.at(partition).triggers.iter().any(|own| inherited(&own)) {
                self.remove_trigger(partition, name);
            }
        }
    }

    fn remove_type(&mut self, name: &QualifiedName) {
        if let Some((id, _)) = self.id(name) {
            return self.erase(id);
        }
        if let Some(old) = self.put(|c| &mut c.types, name.clone(), None) {
            self.unlink_type(name, &old);
        }
    }
}
