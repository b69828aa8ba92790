//! Making, naming and unmaking relations and constraints, with the names and links that go with them.

use crate::QualifiedName;
use crate::catalog::links::{Node, Part};
use crate::catalog::{Catalog, Constraint, ConstraintId, Relation, RelationId};
use crate::claim::RelationKind;

impl Catalog {
    /// Puts a relation in. One of that name that was only spoken of so far becomes it.
    pub(in crate::catalog) fn create(&mut self, relation: Relation) -> RelationId {
        let name = relation.name.clone();
        let id = self.names.get(&name).copied().unwrap_or_else(|| self.new_place());
        let rests_on = relation.rests_on();
        self.put_relation(id, Some(relation));
        for node in rests_on {
            self.link(node, Node::Relation(id));
        }
        self.take_name(name, id);
        id
    }

    /// What is rolled back leaves its place empty, so that no place is given twice.
    fn new_place(&mut self) -> RelationId {
        self.relations.push(None);
        RelationId(u32::try_from(self.relations.len() - 1).unwrap_or(u32::MAX))
    }

    fn take_name(&mut self, name: QualifiedName, id: RelationId) {
        if self.dropped.contains_key(&name) {
            self.put(|c| &mut c.dropped, name.clone(), None);
        }
        self.put(|c| &mut c.names, name, Some(id));
    }

    fn free_name(&mut self, name: QualifiedName, was: RelationKind) {
        self.numbering.freed(&name);
        self.put(|c| &mut c.names, name.clone(), None);
        self.put(|c| &mut c.dropped, name, Some(was));
    }

    /// Gives a relation another name or schema; its constraints' names move with the schema.
    pub(super) fn rename_relation(&mut self, id: RelationId, to: &QualifiedName) {
        let old = self.at(id).name.clone();
        let names: Vec<_> = self.at(id).constraints.iter().map(|c| c.name.clone()).collect();
        if old.schema != to.schema {
            for name in &names {
                self.free_constraint_name(QualifiedName::new(&old.schema, name));
            }
            for name in &names {
                self.take_constraint_name(QualifiedName::new(&to.schema, name));
            }
            self.unlink(Node::Schema(old.schema.clone()), Node::Relation(id));
            self.link(Node::Schema(to.schema.clone()), Node::Relation(id));
        }
        self.free_name(old.clone(), self.at(id).kind);
        self.take_name(to.clone(), id);
        self.set(id, |r| &mut r.name, to.clone());
        self.retype(&old, to);
    }

    /// Takes a relation out, and it alone: what rests on it must be gone.
    pub(super) fn erase(&mut self, id: RelationId) {
        let Some(relation) = self.put_relation(id, None) else { return };
        for node in relation.rests_on() {
            self.unlink(node, Node::Relation(id));
        }
        for constraint in &relation.constraints {
            self.free_constraint_name(QualifiedName::new(&relation.name.schema, &constraint.name));
        }
        for parent in relation.parents() {
            self.remove_from(parent, |r| &mut r.children, id);
        }
        for table in relation.index.iter().map(|index| index.table) {
            self.remove_from(table, |r| &mut r.indexes, id);
        }
        self.free_name(relation.name, relation.kind);
    }

    /// Takes `id` out of a list of relations.
    pub(super) fn remove_from(
        &mut self,
        of: RelationId,
        list: fn(&mut Relation) -> &mut Vec<RelationId>,
        id: RelationId,
    ) {
        let Some(relation) = self.relations.get_mut(of.0 as usize).and_then(Option::as_mut) else { return };
        if let Some(at) = list(relation).iter().position(|one| *one == id) {
            self.take(of, list, at);
        }
    }

    pub(in crate::catalog) fn next_constraint(&mut self) -> ConstraintId {
        self.constraints_made += 1;
        ConstraintId(self.constraints_made)
    }

    /// Puts a constraint on a table.
    pub(in crate::catalog) fn add_constraint(&mut self, table: RelationId, constraint: Constraint) {
        self.take_constraint_name(QualifiedName::new(&self.at(table).name.schema, &constraint.name));
        self.push(table, |r| &mut r.constraints, constraint);
    }

    /// Takes a constraint off a table.
    pub(super) fn remove_constraint(&mut self, table: RelationId, id: ConstraintId) {
        let at = self.at(table).constraints.iter().position(|c| c.id == id);
        let Some(constraint) = at.and_then(|at| self.take(table, |r| &mut r.constraints, at)) else { return };
        self.free_constraint_name(QualifiedName::new(&self.at(table).name.schema, &constraint.name));
    }

    /// Changes a constraint.
    pub(super) fn change_constraint(
        &mut self,
        table: RelationId,
        id: ConstraintId,
        change: impl FnOnce(&mut Constraint),
    ) {
        if let Some(at) = self.at(table).constraints.iter().position(|c| c.id == id) {
            self.change(table, |r| &mut r.constraints, at, change);
        }
    }

    /// Gives a constraint another name.
    pub(super) fn name_constraint(&mut self, table: RelationId, id: ConstraintId, to: &str) {
        let schema = self.at(table).name.schema.clone();
        let old = self.at(table).constraints.iter().find(|c| c.id == id).map(|c| c.name.clone());
        if let Some(old) = old {
            self.free_constraint_name(QualifiedName::new(&schema, old));
        }
        self.take_constraint_name(QualifiedName::new(schema, to));
        self.change_constraint(table, id, |constraint| to.clone_into(&mut constraint.name));
    }

    /// Whether a constraint of the table has that name.
    pub(super) fn has_constraint(&self, table: RelationId, name: &str) -> bool {
        let relation = self.at(table);
        let full = QualifiedName::new(&relation.name.schema, name);
        self.constraint_names.contains_key(&full) && relation.constraint(name).is_some()
    }

    /// Notes the names of constraints that came with their tables.
    pub(in crate::catalog) fn name_constraints(&mut self) {
        let names = self.relations().flat_map(|(_, relation)| {
            let schema = &relation.name.schema;
            relation.constraints.iter().map(move |constraint| QualifiedName::new(schema, &constraint.name))
        });
        for name in names.collect::<Vec<_>>() {
            self.take_constraint_name(name);
        }
    }

    fn take_constraint_name(&mut self, name: QualifiedName) {
        let holders = self.constraint_names.get(&name).copied().unwrap_or_default();
        self.put(|c| &mut c.constraint_names, name, Some(holders + 1));
    }

    fn free_constraint_name(&mut self, name: QualifiedName) {
        self.numbering.freed(&name);
        let holders = self.constraint_names.get(&name).copied().unwrap_or_default();
        self.put(|c| &mut c.constraint_names, name, (holders > 1).then(|| holders - 1));
    }
}

impl Relation {
    /// What it rests on, its parts included.
    fn rests_on(&self) -> Vec<Node> {
        let schema = Node::Schema(self.name.schema.clone());
        let owner = self.owned_by.as_ref().map(|(table, _)| *table);
        let relations = self.reads.iter().copied().chain(owner).map(Node::Relation);
        let of_type = self.of_type.clone().map(Node::Type);
        let parts = self.columns.iter().flat_map(Part::uses);
        let parts = parts.chain(self.constraints.iter().flat_map(Part::uses));
        let parts = parts.chain(self.triggers.iter().flat_map(Part::uses));
        std::iter::once(schema).chain(relations).chain(of_type).chain(parts).collect()
    }
}
