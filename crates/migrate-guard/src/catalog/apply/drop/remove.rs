//! One object goes; what rests on it has gone before.

use super::Object;
use crate::QualifiedName;
use crate::catalog::links::Node;
use crate::catalog::{Catalog, RelationId};
use crate::ddl::TypeRef;

impl Catalog {
    pub(super) fn remove(&mut self, object: &Object) {
        match object {
            Object::Relation(id) => self.erase(*id),
            Object::Column(table, column) => self.remove_column(*table, column),
            Object::Default(table, column) => self.remove_default(*table, column),
            Object::Constraint(table, id) => self.remove_constraint(*table, *id),
            Object::Trigger(table, name) => self.remove_trigger(*table, name),
            Object::Type(name) => self.remove_type(name),
            Object::Function(name, arguments) => self.remove_function(name, arguments),
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

    fn remove_function(&mut self, name: &QualifiedName, arguments: &[TypeRef]) {
        let mut functions = self.functions.get(name).cloned().unwrap_or_default();
        let Some(at) = functions.iter().position(|one| one.arguments == arguments) else { return };
        let old = functions.remove(at);
        for ty in old.types() {
            self.unlink(Node::Type(ty), Node::Function(name.clone()));
        }
        let left = (!functions.is_empty()).then_some(functions);
        if left.is_none() {
            self.unlink(Node::Schema(name.schema.clone()), Node::Function(name.clone()));
        }
        self.put(|c| &mut c.functions, name.clone(), left);
    }
}
