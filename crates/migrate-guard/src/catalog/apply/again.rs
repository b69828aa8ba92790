//! What PostgreSQL makes anew where a column gets another type: indexes and foreign keys. They keep their names, while
//! their parts on partitions are dropped and named once more.

use super::{At, Attempt};
use crate::catalog::naming::labels;
use crate::catalog::{Catalog, Constraint, ConstraintKind, IndexInfo, RelationId};

impl Catalog {
    pub(super) fn make_again(&mut self, table: RelationId, column: &str, at: At<'_>) -> Attempt {
        let below = if self.at(table).is_partitioned() { Vec::new() } else { self.descendants(table) };
        for id in std::iter::once(table).chain(below) {
            for index in self.indexes_using(id, column) {
                self.index_anew(id, index, at)?;
            }
            self.keys_anew(id, column)?;
        }
        Ok(())
    }

    fn index_anew(&mut self, table: RelationId, index: RelationId, at: At<'_>) -> Attempt {
        let Some(info) = self.at(index).index.clone() else { return Ok(()) };
        self.set(index, |r| &mut r.index_mut().labels, info.labels_now());
        let constraint = self.constraint_of(table, index).map(|own| own.id);
        let Some(again) = self.index_again(table, index) else { return Ok(()) };
        for partition in self.at(table).children.clone() {
            self.drop_part_of(partition, index);
            self.index_partition(partition, &again, (index, constraint), at)?;
        }
        Ok(())
    }

    /// Drops the part of an index on a partition, and the parts of that.
    fn drop_part_of(&mut self, partition: RelationId, whole: RelationId) {
        let part = self
            .at(partition)
            .indexes
            .iter()
            .copied()
            .find(|id| self.at(*id).index.as_ref().is_some_and(|info| info.part_of == Some(whole)));
        let Some(part) = part else { return };
        for below in self.at(partition).children.clone() {
            self.drop_part_of(below, part);
        }
        if let Some(constraint) = self.constraint_of(partition, part).map(|own| own.id) {
            self.remove_constraint(partition, constraint);
        }
        self.erase(part);
    }

    fn keys_anew(&mut self, table: RelationId, column: &str) -> Attempt {
        let uses = |own: &&Constraint| match &own.kind {
            ConstraintKind::Foreign { columns, .. } => columns.iter().any(|own| own == column),
            _ => false,
        };
        let keys: Vec<_> = self.at(table).constraints.iter().filter(uses).cloned().collect();
        for key in keys.iter().filter(|key| key.part_of.is_none()) {
            for partition in self.at(table).children.clone() {
                self.drop_key_part(partition, key);
                self.pass_foreign_on(partition, key)?;
            }
        }
        Ok(())
    }

    fn drop_key_part(&mut self, partition: RelationId, whole: &Constraint) {
        let Some(part) =
            self.at(partition).constraints.iter().find(|own| own.part_of == Some(whole.id)).cloned()
        else {
            return;
        };
        for below in self.at(partition).children.clone() {
            self.drop_key_part(below, &part);
        }
        self.remove_constraint(partition, part.id);
    }
}

impl IndexInfo {
    /// The names that its columns would get today: those of the table's columns, and for expressions what they have.
    fn labels_now(&self) -> Vec<String> {
        let own = self.columns.iter().zip(&self.labels).map(|(column, old)| column.as_deref().unwrap_or(old));
        labels(own.chain(self.include.iter().map(String::as_str)))
    }
}
