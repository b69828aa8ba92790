use super::{Alter, Reach};
use crate::catalog::{Constraint, ConstraintKind};
use crate::claim::Cause;
use crate::replay::claims::ledger::Deed;
use crate::replay::claims::target::Target;
use crate::{Lock, Span};

impl<'w> Alter<'_, 'w> {
    /// `DROP CONSTRAINT`: the triggers of a foreign key are dropped on both of its tables.
    pub(super) fn drop_constraint(&mut self, span: Span, name: &str, cascade: bool) {
        let constraint = self.table.relation().and_then(|relation| relation.constraint(name));
        let reach = self.reach_of_drop(constraint);
        let deed = self.deed(span, Cause::DropConstraint);
        let tables = if reach == Reach::Here { vec![self.table.clone()] } else { self.having() };
        self.ledger.on_each(&tables, &deed);
        match constraint.map(|constraint| &constraint.kind) {
            Some(ConstraintKind::Foreign { references, .. }) => {
                if let Some(referenced) = self.ledger.at(*references) {
                    self.peer(&referenced, span);
                }
            }
            Some(ConstraintKind::Primary { columns, .. } | ConstraintKind::Unique { columns, .. })
                if cascade =>
            {
                self.keys_on(span, |referenced| same(referenced, columns));
            }
            _ => {}
        }
    }

    /// A partitioned table's partitions are locked in any case; what inherits, where it has the constraint too.
    fn reach_of_drop(&self, constraint: Option<&Constraint>) -> Reach {
        let inherited = constraint.is_some_and(|is| matches!(is.kind, ConstraintKind::Check { .. }));
        if self.table.is_partitioned() || inherited { Reach::Tree } else { Reach::Here }
    }

    /// The tables whose foreign keys point at columns that `pick` takes: the keys go too.
    pub(super) fn keys_on(&mut self, span: Span, pick: impl Fn(&[String]) -> bool) {
        for table in self.reached(Reach::Tree) {
            for pointing in self.ledger.pointing_at(&table) {
                if pick(pointing.referenced) {
                    self.peer(&pointing.from, span);
                }
            }
        }
    }

    /// The other table of a foreign key that goes, and its partitions.
    pub(super) fn peer(&mut self, table: &Target<'w>, span: Span) {
        for table in self.ledger.partitions_too(table) {
            if table != self.table {
                self.ledger.on(&table, Deed::new(Lock::AccessExclusive, Cause::DropForeignKey, span));
            }
        }
    }
}

fn same(some: &[String], others: &[String]) -> bool {
    some.len() == others.len() && some.iter().all(|one| others.contains(one))
}
