//! Foreign keys, and the same key on each partition of the table that has it.

use super::index::MOST_COLUMNS;
use super::{At, Attempt, Refused};
use crate::catalog::naming::{Naming, addition};
use crate::catalog::{Catalog, Constraint, ConstraintKind, RelationId};
use crate::claim::RelationKind;
use crate::ddl::{self, OnDelete};

/// The columns, the table and columns they reference, and what happens when a referenced row goes away or changes.
type ForeignKey<'a> = (&'a [String], RelationId, &'a [String], [OnDelete; 2]);

impl Catalog {
    /// Adds a foreign key to a table and its partitions.
    pub(super) fn add_foreign(
        &mut self,
        table: RelationId,
        constraint: &ddl::Constraint,
        new_table: bool,
        at: At<'_>,
    ) -> Attempt {
        let ddl::ConstraintKind::Foreign { columns, references, referenced, on_delete, on_update } =
            &constraint.kind
        else {
            return Ok(());
        };
        if columns.len() > MOST_COLUMNS {
            return Err(Refused("cannot have more than 32 keys in a foreign key"));
        }
        let target = self.target(references, RelationKind::Table, at)?;
        self.need_columns(table, columns)?;
        let (index, referenced) = self.referenced_key(target, referenced, columns.len())?;
        let kind = ConstraintKind::Foreign {
            columns: columns.clone(),
            references: target,
            referenced,
            on_delete: *on_delete,
            on_update: *on_update,
            index,
        };
        let valid = constraint.enforced && (new_table || !constraint.not_valid);
        let name = self.foreign_name(table, constraint.name.as_deref(), columns)?;
        let new = self.foreign_constraint(name, kind, valid, constraint.enforced);
        self.put_foreign(table, &new)
    }

    /// The unique index that a foreign key rests on, and the columns it references.
    fn referenced_key(
        &mut self,
        target: RelationId,
        columns: &[String],
        wanted: usize,
    ) -> Attempt<(Option<RelationId>, Vec<String>)> {
        let kind = self.at(target).kind;
        if !matches!(kind, RelationKind::Table | RelationKind::Partitioned) {
            return Err(Refused("referenced relation is not a table"));
        }
        let (index, columns) = if columns.is_empty() {
            self.primary_columns(target)?
        } else {
            self.need_columns(target, columns)?;
            (self.unique_index(target, columns)?, columns.to_vec())
        };
        if columns.len() != wanted && !columns.is_empty() {
            return Err(Refused("number of referencing and referenced columns for foreign key disagree"));
        }
        Ok((index, columns))
    }

    fn primary_columns(&self, target: RelationId) -> Attempt<(Option<RelationId>, Vec<String>)> {
        match self.primary_key(target).map(|key| &key.kind) {
            Some(ConstraintKind::Primary { columns, index }) => Ok((*index, columns.clone())),
            _ if self.at(target).complete => Err(Refused("there is no primary key for referenced table")),
            _ => Ok((None, Vec::new())),
        }
    }

    fn unique_index(&self, target: RelationId, columns: &[String]) -> Attempt<Option<RelationId>> {
        let relation = self.at(target);
        let mut indexes = relation.indexes.iter().copied();
        let found =
            indexes.find(|id| self.at(*id).index.as_ref().is_some_and(|info| info.is_key_of(columns)));
        if found.is_none() && relation.complete {
            return Err(Refused("there is no unique constraint matching given keys for referenced table"));
        }
        Ok(found)
    }

    fn foreign_name(
        &mut self,
        table: RelationId,
        given: Option<&str>,
        columns: &[String],
    ) -> Attempt<String> {
        match given {
            Some(name) if self.has_constraint(table, name) => Err(Refused("constraint already exists")),
            Some(name) => Ok(name.to_owned()),
            None => Ok(self.choose_foreign_name(table, columns)),
        }
    }

    /// `table_columns_fkey`.
    fn choose_foreign_name(&mut self, table: RelationId, columns: &[String]) -> String {
        let name = self.at(table).name.clone();
        let columns = addition(columns.iter().map(String::as_str));
        self.choose_name(&name.schema, (&name.name, &columns, "fkey"), Naming::Constraint)
    }

    fn foreign_constraint(
        &mut self,
        name: String,
        kind: ConstraintKind,
        valid: bool,
        enforced: bool,
    ) -> Constraint {
        Constraint {
            id: self.next_constraint(),
            name,
            kind,
            valid,
            enforced,
            inherited: false,
            local: true,
            no_inherit: true,
            part_of: None,
        }
    }

    /// Puts the key on a table, and parts of it on its partitions.
    fn put_foreign(&mut self, table: RelationId, constraint: &Constraint) -> Attempt {
        self.add_constraint(table, constraint.clone());
        if !self.at(table).is_partitioned() {
            return Ok(());
        }
        if !constraint.valid && constraint.enforced {
            return Err(Refused("cannot add NOT VALID foreign key on partitioned table"));
        }
        let partitions = self.at(table).children.clone();
        partitions.into_iter().try_for_each(|partition| self.pass_foreign_on(partition, constraint))
    }

    /// Has a key of the partition be part of the partitioned table's: one that it has, or a new one.
    pub(super) fn pass_foreign_on(&mut self, partition: RelationId, whole: &Constraint) -> Attempt {
        let like =
            self.at(partition).constraints.iter().find(|own| own.part_of.is_none() && own.is_key_like(whole));
        if let Some(id) = like.map(|own| own.id) {
            self.change_constraint(partition, id, |own| own.join(whole.id));
            return Ok(());
        }
        let name = match &whole.kind {
            ConstraintKind::Foreign { columns, .. } if self.has_constraint(partition, &whole.name) => {
                self.choose_foreign_name(partition, columns)
            }
            _ => whole.name.clone(),
        };
        let mut part = self.foreign_constraint(name, whole.kind.clone(), whole.valid, whole.enforced);
        part.join(whole.id);
        self.put_foreign(partition, &part)
    }

    /// Has all foreign keys of a partitioned table be on a new partition.
    pub(super) fn pass_foreigns_on(&mut self, partitioned: RelationId, partition: RelationId) -> Attempt {
        let foreign = |c: &&Constraint| matches!(c.kind, ConstraintKind::Foreign { .. });
        let keys: Vec<_> = self.at(partitioned).constraints.iter().filter(foreign).cloned().collect();
        keys.iter().try_for_each(|key| self.pass_foreign_on(partition, key))
    }
}

impl Constraint {
    /// Whether both are the same foreign key, each of its own table.
    fn is_key_like(&self, other: &Self) -> bool {
        self.valid && self.foreign_key().is_some_and(|key| Some(key) == other.foreign_key())
    }

    /// What makes a foreign key what it is, whichever table has it.
    fn foreign_key(&self) -> Option<ForeignKey<'_>> {
        match &self.kind {
            ConstraintKind::Foreign { columns, references, referenced, on_delete, on_update, .. } => {
                Some((columns, *references, referenced, [*on_delete, *on_update]))
            }
            _ => None,
        }
    }
}

impl crate::catalog::IndexInfo {
    /// Whether a foreign key that references these columns, in whatever order, may rest on it.
    fn is_key_of(&self, columns: &[String]) -> bool {
        let covered = self.columns.iter().all(|c| c.as_ref().is_some_and(|c| columns.contains(c)));
        let plain = self.unique && self.valid && !self.partial && !self.special.contains(&true);
        plain && covered && self.columns.len() == columns.len()
    }
}
