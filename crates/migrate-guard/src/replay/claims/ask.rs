//! What claims ask of the catalog.

use rustc_hash::FxHashSet;

use super::ledger::Ledger;
use super::target::Target;
use crate::catalog::{Constraint, ConstraintKind, RelationId};

/// A foreign key, seen from the table it points at.
#[derive(Clone, Debug)]
pub(super) struct Pointing<'w> {
    /// The table that has it.
    pub(super) from: Target<'w>,
    /// It.
    pub(super) key: &'w Constraint,
    /// The columns it points at.
    pub(super) referenced: &'w [String],
}

impl<'w> Ledger<'w> {
    /// A relation and everything below it, parents first.
    pub(super) fn tree(&self, root: &Target<'w>) -> Vec<Target<'w>> {
        let below = root.id().map(|id| self.world.catalog.descendants(id)).unwrap_or_default();
        std::iter::once(root.clone()).chain(self.all(below)).collect()
    }

    fn all(&self, ids: Vec<RelationId>) -> impl Iterator<Item = Target<'w>> {
        ids.into_iter().filter_map(|id| self.at(id))
    }

    /// What is below a relation.
    pub(super) fn below(&self, root: &Target<'w>) -> Vec<Target<'w>> {
        self.tree(root).split_off(1)
    }

    /// A table that a foreign key names, and its partitions.
    pub(super) fn partitions_too(&self, table: &Target<'w>) -> Vec<Target<'w>> {
        if table.is_partitioned() { self.tree(table) } else { vec![table.clone()] }
    }

    /// The foreign keys that point at a table, those of the table itself too.
    pub(super) fn pointing_at(&self, table: &Target<'w>) -> Vec<Pointing<'w>> {
        let keys = table.id().map(|id| self.world.catalog.referencing(id)).unwrap_or_default();
        let pointing = keys.into_iter().filter_map(|(from, key)| match &key.kind {
            ConstraintKind::Foreign { referenced, .. } => {
                Some(Pointing { from: self.at(from)?, key, referenced })
            }
            _ => None,
        });
        pointing.collect()
    }

    /// The tables that a table's foreign keys point at, of those that `pick` takes.
    pub(super) fn references(
        &self,
        table: &Target<'w>,
        pick: impl Fn(&Constraint, &[String]) -> bool,
    ) -> Vec<Target<'w>> {
        let constraints = table.relation().map_or(&[][..], |relation| &relation.constraints);
        let ids = constraints.iter().filter_map(|key| match &key.kind {
            ConstraintKind::Foreign { columns, references, .. } if pick(key, columns) => Some(*references),
            _ => None,
        });
        ids.filter_map(|id| self.at(id)).collect()
    }

    /// The views that read a relation, those that read them, and so on.
    pub(super) fn views_over(&self, table: &Target<'w>) -> Vec<Target<'w>> {
        let views = table.id().map(|id| self.world.catalog.views_reading(id)).unwrap_or_default();
        self.all(views).collect()
    }

    /// The default partition of a partitioned table, and what is below it.
    pub(super) fn default_partition(&self, parent: &Target<'w>) -> Vec<Target<'w>> {
        let children = parent.relation().map_or(&[][..], |relation| &relation.children);
        let mut children = children.iter().filter_map(|id| self.at(*id));
        let default = children.find(|child| child.relation().is_some_and(|is| is.default_partition));
        default.map(|default| self.tree(&default)).unwrap_or_default()
    }

    /// The partitioned table that a table is a partition of.
    pub(super) fn parent(&self, partition: &Target<'w>) -> Option<Target<'w>> {
        self.at(partition.relation()?.partition_of?)
    }
}

/// The valid check of a table that proves that a column is never null; its name. Those that `without` names are not
/// asked.
pub(super) fn proves_not_null<'w>(
    table: &Target<'w>,
    column: &str,
    without: &FxHashSet<&str>,
) -> Option<&'w str> {
    let checks = table.relation()?.constraints.iter().filter(|check| check.valid && check.enforced);
    let mut checks = checks.filter(|check| !without.contains(check.name.as_str()));
    let proof = checks.find(|check| match &check.kind {
        ConstraintKind::Check { not_null, .. } => not_null.iter().any(|proven| proven == column),
        _ => false,
    });
    proof.map(|check| check.name.as_str())
}
