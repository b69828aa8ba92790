//! `DETACH PARTITION`: what was the partitioned table's is the table's own.

use super::check::NewCheck;
use super::{Attempt, Refused};
use crate::catalog::{Catalog, Constraint, RelationId};
use crate::ddl::Expr;

impl Catalog {
    /// Detaches a partition. One that is detached concurrently keeps its bounds as a check.
    pub(super) fn detach(&mut self, parent: RelationId, child: RelationId, concurrently: bool) -> Attempt {
        if self.at(child).partition_of != Some(parent) && self.at(child).complete {
            return Err(Refused("relation is not a partition of relation"));
        }
        if concurrently && self.at(parent).children.iter().any(|child| self.at(*child).default_partition) {
            return Err(Refused("cannot detach partitions concurrently when a default partition exists"));
        }
        self.set(child, |r| &mut r.partition_of, None);
        self.set(child, |r| &mut r.default_partition, false);
        self.remove_from(parent, |r| &mut r.children, child);
        self.recount(child, parent);
        self.leave_indexes(child);
        self.leave_constraints(child);
        self.drop_inherited_triggers(child);
        if concurrently { self.keep_bounds(parent, child) } else { Ok(()) }
    }

    fn leave_indexes(&mut self, table: RelationId) {
        for id in self.at(table).indexes.clone() {
            self.set(id, |r| &mut r.index_mut().part_of, None);
        }
    }

    fn leave_constraints(&mut self, table: RelationId) {
        let part = |constraint: &&Constraint| constraint.part_of.is_some();
        let parts: Vec<_> = self.at(table).constraints.iter().filter(part).map(|part| part.id).collect();
        for id in parts {
            self.change_constraint(table, id, Constraint::leave);
        }
    }

    fn keep_bounds(&mut self, parent: RelationId, child: RelationId) -> Attempt {
        let key = self.at(parent).partition_by.as_ref();
        let columns: Vec<_> =
            key.iter().flat_map(|key| &key.columns).filter(|c| !c.is_empty()).cloned().collect();
        let not_null =
            if key.is_some_and(|key| key.method == "range") { columns.clone() } else { Vec::new() };
        let expr = Expr { text: "the bounds it had".to_owned(), columns, not_null, ..Expr::default() };
        let check = NewCheck {
            name: None,
            expr: &expr,
            valid: true,
            enforced: true,
            no_inherit: false,
            new_table: false,
        };
        self.add_check(child, &check, true)
    }
}
