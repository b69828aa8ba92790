//! `RENAME`.

use super::look::relation_kind;
use super::{At, Attempt, Refused};
use crate::QualifiedName;
use crate::catalog::model::lookup;
use crate::catalog::{Catalog, ConstraintKind, Found, RelationId, TypeDef};
use crate::claim::RelationKind;
use crate::ddl::{ObjectKind, Rename};

impl Catalog {
    pub(super) fn rename(&mut self, rename: &Rename, at: At<'_>) -> Attempt {
        match rename.kind {
            ObjectKind::Type | ObjectKind::Domain => self.rename_named_type(rename, at),
            ObjectKind::Function => {
                let meant = self.function_meant(&rename.name, rename.arguments.as_deref(), at)?;
                let Some((full, arguments)) = meant else { return Ok(()) };
                self.rename_function(&full, &arguments, &QualifiedName::new(&full.schema, &rename.to))
            }
            ObjectKind::Schema => self.rename_schema(&rename.name.name, &rename.to),
            ObjectKind::Column
            | ObjectKind::Attribute
            | ObjectKind::Constraint
            | ObjectKind::Trigger
            | ObjectKind::Policy
            | ObjectKind::Rule => self.rename_part(rename, at),
            ObjectKind::DomainConstraint => self.rename_domain_constraint(rename, at),
            ObjectKind::Table
            | ObjectKind::ForeignTable
            | ObjectKind::View
            | ObjectKind::MaterializedView
            | ObjectKind::Index
            | ObjectKind::Sequence => self.rename_whole(rename, at),
            _ => Ok(()),
        }
    }

    fn rename_whole(&mut self, rename: &Rename, at: At<'_>) -> Attempt {
        let kind = relation_kind(rename.kind);
        let Some(id) = self.target_if(&rename.name, kind, rename.if_exists, at)? else { return Ok(()) };
        self.rename_to(id, &rename.to)
    }

    /// Gives a relation another name in its schema. The constraint of an index takes the name too.
    fn rename_to(&mut self, id: RelationId, to: &str) -> Attempt {
        let to = QualifiedName::new(&self.at(id).name.schema, to);
        if self.is_there(&to) {
            return Err(Refused("relation already exists"));
        }
        if let Some(table) = self.at(id).index.as_ref().map(|info| info.table)
            && let Some(constraint) = self.constraint_of(table, id).map(|constraint| constraint.id)
        {
            self.name_constraint(table, constraint, &to.name);
        }
        self.rename_relation(id, &to);
        Ok(())
    }

    fn rename_named_type(&mut self, rename: &Rename, at: At<'_>) -> Attempt {
        if let Some(full) = lookup(&self.types, &rename.name, at.path) {
            return self.rename_type(&full, &QualifiedName::new(&full.schema, &rename.to));
        }
        match self.find(&rename.name, at.path) {
            Found::Here(id, relation) if relation.kind == RelationKind::Composite => {
                self.rename_to(id, &rename.to)
            }
            Found::Here(..) => Err(Refused("relation is a table's row type")),
            _ => Ok(()),
        }
    }

    /// A column, constraint, trigger, policy or rule of a table.
    fn rename_part(&mut self, rename: &Rename, at: At<'_>) -> Attempt {
        let Some(on) = &rename.on else { return Ok(()) };
        let kind = relation_kind(rename.on_kind);
        let Some(table) = self.target_if(on, kind, rename.if_exists, at)? else { return Ok(()) };
        let (from, to) = (rename.name.name.as_str(), rename.to.as_str());
        match rename.kind {
            ObjectKind::Column | ObjectKind::Attribute => self.rename_column(table, from, to),
            ObjectKind::Constraint => self.rename_constraint(table, from, to),
            ObjectKind::Trigger => self.rename_trigger(table, from, to),
            ObjectKind::Policy => self.rename_in(table, |r| &mut r.policies, from, to),
            _ => self.rename_in(table, |r| &mut r.rules, from, to),
        }
    }

    fn rename_constraint(&mut self, table: RelationId, from: &str, to: &str) -> Attempt {
        let relation = self.at(table);
        let Some(constraint) = relation.constraint(from) else {
            let known = relation.complete;
            return if known { Err(Refused("constraint does not exist")) } else { Ok(()) };
        };
        if let Some(index) = constraint.index() {
            return self.rename_to(index, to);
        }
        let check = matches!(constraint.kind, ConstraintKind::Check { .. }) && !constraint.no_inherit;
        if check && constraint.inherited {
            return Err(Refused("cannot rename inherited constraint"));
        }
        let below = if check { self.descendants(table) } else { Vec::new() };
        for id in std::iter::once(table).chain(below) {
            let Some(own) = self.at(id).constraint(from).map(|own| own.id) else { continue };
            if self.has_constraint(id, to) {
                return Err(Refused("constraint already exists"));
            }
            self.name_constraint(id, own, to);
        }
        Ok(())
    }

    fn rename_trigger(&mut self, table: RelationId, from: &str, to: &str) -> Attempt {
        let relation = self.at(table);
        let Some(at) = relation.triggers.iter().position(|own| own.name == from) else {
            let known = relation.complete;
            return if known { Err(Refused("trigger does not exist")) } else { Ok(()) };
        };
        if relation.triggers.iter().any(|own| own.name == to) {
            return Err(Refused("trigger already exists"));
        }
        self.change(table, |r| &mut r.triggers, at, |own| to.clone_into(&mut own.name));
        for partition in self.at(table).children.clone() {
            let inherited = |own: &crate::catalog::Trigger| own.name == from && own.inherited;
            if self.at(partition).triggers.iter().any(inherited) {
                self.rename_trigger(partition, from, to)?;
            }
        }
        Ok(())
    }

    fn rename_in(
        &mut self,
        table: RelationId,
        list: crate::catalog::edit::Field<Vec<String>>,
        from: &str,
        to: &str,
    ) -> Attempt {
        if self.take_name_of(table, list, to) {
            return Err(Refused("object already exists"));
        }
        if self.take_name_of(table, list, from) || !self.at(table).complete {
            self.push(table, list, to.to_owned());
            return Ok(());
        }
        Err(Refused("object does not exist"))
    }

    fn rename_domain_constraint(&mut self, rename: &Rename, at: At<'_>) -> Attempt {
        let on = rename.on.as_ref().and_then(|on| lookup(&self.types, on, at.path));
        let Some(full) = on else { return Ok(()) };
        let Some(TypeDef::Domain { .. }) = self.types.get(&full) else { return Ok(()) };
        let mut ty = self.types.get(&full).cloned();
        if let Some(TypeDef::Domain { constraints, .. }) = &mut ty {
            let own = constraints.iter_mut().find(|(own, _)| *own == rename.name.name);
            own.ok_or(Refused("constraint of domain does not exist"))?.0.clone_from(&rename.to);
        }
        self.put(|c| &mut c.types, full, ty);
        Ok(())
    }
}
