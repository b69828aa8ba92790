//! What a partition has because it is one: indexes, triggers and foreign keys of the partitioned table.

use super::{At, Attempt, Refused};
use crate::catalog::{Catalog, RelationId, Trigger};

impl Catalog {
    /// Makes a table that has the right columns and checks a partition.
    pub(super) fn become_partition(
        &mut self,
        table: RelationId,
        parent: RelationId,
        default: bool,
        at: At<'_>,
    ) -> Attempt {
        if default && self.at(parent).children.iter().any(|child| self.at(*child).default_partition) {
            return Err(Refused("partition conflicts with existing default partition"));
        }
        self.set(table, |r| &mut r.partition_of, Some(parent));
        self.set(table, |r| &mut r.default_partition, default);
        self.push(parent, |r| &mut r.children, table);
        self.index_like_parent(table, parent, at)?;
        self.pass_triggers_on(parent, table)?;
        self.pass_foreigns_on(parent, table)
    }

    fn index_like_parent(&mut self, table: RelationId, parent: RelationId, at: At<'_>) -> Attempt {
        for id in self.at(parent).indexes.clone() {
            let Some(index) = self.index_again(parent, id) else { continue };
            let constraint = self.constraint_of(parent, id).map(|constraint| constraint.id);
            self.index_partition(table, &index, (id, constraint), at)?;
        }
        Ok(())
    }

    /// Has the row triggers of a partitioned table be on a partition too.
    fn pass_triggers_on(&mut self, parent: RelationId, table: RelationId) -> Attempt {
        let each_row = |trigger: &&Trigger| trigger.each_row;
        let triggers: Vec<_> = self.at(parent).triggers.iter().filter(each_row).cloned().collect();
        triggers.iter().try_for_each(|trigger| self.pass_trigger_on(table, trigger))
    }
}
