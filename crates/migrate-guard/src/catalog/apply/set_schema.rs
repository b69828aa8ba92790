//! `SET SCHEMA`.

use super::look::relation_kind;
use super::{At, Attempt, Refused};
use crate::QualifiedName;
use crate::catalog::model::lookup;
use crate::catalog::{Catalog, RelationId};
use crate::claim::RelationKind;
use crate::ddl::{ObjectKind, SetSchema};

impl Catalog {
    pub(super) fn set_schema(&mut self, set: &SetSchema, at: At<'_>) -> Attempt {
        match set.kind {
            ObjectKind::Type | ObjectKind::Domain => self.move_type(set, at),
            ObjectKind::Function => {
                let meant = self.function_meant(&set.name, set.arguments.as_deref(), at)?;
                let Some((full, arguments)) = meant else { return Ok(()) };
                self.rename_function(&full, &arguments, &QualifiedName::new(&set.schema, &full.name))
            }
            ObjectKind::Table
            | ObjectKind::ForeignTable
            | ObjectKind::View
            | ObjectKind::MaterializedView
            | ObjectKind::Sequence => {
                let kind = relation_kind(set.kind);
                let Some(id) = self.target_if(&set.name, kind, set.if_exists, at)? else { return Ok(()) };
                self.move_relation(id, &set.schema)
            }
            _ => Ok(()),
        }
    }

    fn move_type(&mut self, set: &SetSchema, at: At<'_>) -> Attempt {
        if let Some(full) = lookup(&self.types, &set.name, at.path) {
            let to = QualifiedName::new(&set.schema, &full.name);
            return self.rename_type(&full, &to);
        }
        let composite = self.id(&self.qualify(&set.name, at.path));
        let composite = composite.filter(|(_, relation)| relation.kind == RelationKind::Composite);
        composite.map(|(id, _)| id).map_or(Ok(()), |id| self.move_alone(id, &set.schema))
    }

    /// Moves a relation with its indexes and the sequences it owns.
    fn move_relation(&mut self, id: RelationId, schema: &str) -> Attempt {
        let relation = self.at(id);
        if relation.kind == RelationKind::Index {
            return Err(Refused("cannot change schema of index"));
        }
        if relation.kind == RelationKind::Sequence && relation.owned_by.is_some() {
            return Err(Refused("cannot move an owned sequence into another schema"));
        }
        let parts: Vec<_> = relation.indexes.iter().copied().chain(self.owned_sequences(id)).collect();
        self.move_alone(id, schema)?;
        parts.into_iter().try_for_each(|part| self.move_alone(part, schema))
    }

    fn move_alone(&mut self, id: RelationId, schema: &str) -> Attempt {
        let to = QualifiedName::new(schema, &self.at(id).name.name);
        if self.at(id).name == to {
            return Ok(());
        }
        if self.is_there(&to) {
            return Err(Refused("relation already exists in schema"));
        }
        self.rename_relation(id, &to);
        Ok(())
    }
}
