use super::{Alter, Reach};
use crate::Span;
use crate::claim::{Cause, Works};
use crate::ddl::{Constraint, ConstraintKind};

impl Alter<'_, '_> {
    pub(super) fn add_constraint(&mut self, span: Span, constraint: &Constraint) {
        let proven = constraint.enforced && !constraint.not_valid;
        match &constraint.kind {
            ConstraintKind::Check(_) => self.check(span, constraint, proven),
            ConstraintKind::Foreign { .. } => self.foreign_key(span, &constraint.kind, proven),
            ConstraintKind::Primary { columns, index } => self.primary(span, columns, index.as_deref()),
            ConstraintKind::Unique { index, .. } => self.unique(span, index.as_deref()),
            ConstraintKind::Exclude { .. } => self.build(span, &Cause::BuildExclusion),
            ConstraintKind::NotNull { column } => self.not_null_constraint(span, column, proven),
        }
        self.lock_below_too(span);
    }

    fn check(&mut self, span: Span, constraint: &Constraint, proven: bool) {
        let work = if proven { Works::SCAN } else { Works::NONE };
        let reach = if constraint.no_inherit { Reach::Here } else { Reach::Tree };
        self.each(reach, span, &Cause::ProveCheck, work);
    }

    /// `ALTER CONSTRAINT`: the partitions have a part of it each.
    pub(super) fn alter_constraint(&mut self, span: Span, _name: &str) {
        let reach = if self.table.is_partitioned() { Reach::Tree } else { Reach::Here };
        self.each(reach, span, &Cause::Other("ALTER CONSTRAINT"), Works::NONE);
    }

    /// From version 18 on, everything below is locked before anybody looks whether the constraint goes there.
    pub(super) fn lock_below_too(&mut self, span: Span) {
        if self.only || !self.ledger.pg().at_least(18) {
            return;
        }
        let deed = self.deed(span, Cause::Other("ADD CONSTRAINT"));
        for table in self.ledger.below(&self.table) {
            self.ledger.on(&table, deed.clone());
        }
    }
}
