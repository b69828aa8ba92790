//! `ATTACH PARTITION`, of a table and of an index.

use super::{At, Attempt, Refused};
use crate::ObjectName;
use crate::catalog::{Catalog, RelationId};
use crate::claim::RelationKind;

impl Catalog {
    pub(super) fn attach(
        &mut self,
        parent: RelationId,
        child: &ObjectName,
        default: bool,
        at: At<'_>,
    ) -> Attempt {
        let child = self.target(child, RelationKind::Table, at)?;
        let known = self.at(child);
        if known.partition_of.is_some() {
            return Err(Refused("table is already a partition"));
        }
        if !known.inherits.is_empty() || !known.is_partitioned() && !known.children.is_empty() {
            return Err(Refused("cannot attach a table of an inheritance tree as partition"));
        }
        if child == parent || self.ancestors(parent).contains(&child) {
            return Err(Refused("circular inheritance not allowed"));
        }
        self.has_no_more_than(child, parent)?;
        self.match_parent(child, parent)?;
        self.hand_over(child, parent);
        self.become_partition(child, parent, default, at)
    }

    /// That the table has no column that the partitioned one has not.
    fn has_no_more_than(&self, child: RelationId, parent: RelationId) -> Attempt {
        let parent = self.at(parent);
        let known = |name: &str| !parent.complete || parent.column(name).is_some();
        if self.at(child).columns.iter().all(|column| known(&column.name)) {
            return Ok(());
        }
        Err(Refused("table contains column not found in parent"))
    }

    /// Columns and checks that the partitioned table has too are no longer the partition's own.
    fn hand_over(&mut self, child: RelationId, parent: RelationId) {
        for at in 0..self.at(child).columns.len() {
            self.change(
                child,
                |r| &mut r.columns,
                at,
                |column| {
                    column.inherited = true;
                    column.local = false;
                },
            );
        }
        for check in self.at(parent).checks().cloned().collect::<Vec<_>>() {
            let own = self.at(child).constraint(&check.name).map(|own| own.id);
            if let Some(own) = own {
                self.change_constraint(child, own, |own| {
                    own.inherited = true;
                    own.local = false;
                });
            }
        }
    }

    /// `ALTER INDEX … ATTACH PARTITION`.
    pub(super) fn attach_index(&mut self, whole: RelationId, child: &ObjectName, at: At<'_>) -> Attempt {
        let child = self.target(child, RelationKind::Index, at)?;
        let (Some(own), Some(info)) = (self.at(child).index.clone(), self.at(whole).index.clone()) else {
            return Ok(());
        };
        if own.part_of == Some(whole) {
            return Ok(());
        }
        let key = self.key_kind(info.table, whole);
        let partition = self.at(own.table).partition_of == Some(info.table);
        let fits = own.is_like(&info) && (key.is_none() || key == self.key_kind(own.table, child));
        if own.part_of.is_some() || !partition || !fits || self.has_part_on(whole, own.table) {
            return Err(Refused("cannot attach index as a partition of index"));
        }
        let constraint = self.constraint_of(info.table, whole).map(|constraint| constraint.id);
        self.join_index(child, (whole, constraint));
        self.validate_whole(whole);
        Ok(())
    }

    fn has_part_on(&self, whole: RelationId, table: RelationId) -> bool {
        self.at(table).indexes.iter().any(|id| self.part_of(*id) == Some(whole))
    }

    fn part_of(&self, index: RelationId) -> Option<RelationId> {
        self.at(index).index.as_ref().and_then(|info| info.part_of)
    }

    /// A partitioned index is valid once each partition has a valid part of it; then what it is part of may be too.
    fn validate_whole(&mut self, whole: RelationId) {
        let mut next = Some(whole);
        while let Some(index) = next.filter(|index| self.has_all_parts(*index)) {
            self.set(index, |r| &mut r.index_mut().valid, true);
            next = self.part_of(index);
        }
    }

    fn has_all_parts(&self, whole: RelationId) -> bool {
        let Some(info) = self.at(whole).index.as_ref().filter(|info| !info.valid) else { return false };
        let partitions = &self.at(info.table).children;
        partitions.iter().all(|partition| {
            let mut indexes = self.at(*partition).indexes.iter().filter_map(|id| self.at(*id).index.as_ref());
            indexes.any(|part| part.part_of == Some(whole) && part.valid)
        })
    }
}
