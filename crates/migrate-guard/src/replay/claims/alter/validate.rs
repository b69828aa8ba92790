use super::{Alter, Reach};
use crate::catalog::{Constraint, ConstraintKind};
use crate::claim::{Cause, Works};
use crate::replay::claims::ledger::Deed;
use crate::replay::claims::target::Target;
use crate::{Lock, Span};

impl Alter<'_, '_> {
    /// `VALIDATE CONSTRAINT`: what is proven already is not proven again.
    pub(super) fn validate(&mut self, span: Span, name: &str) {
        let Some(constraint) = constraint(&self.table, name) else {
            let deed = self.deed(span, Cause::Validate).with(self.table.own(Works::SCAN)).assumed_if(true);
            return self.ledger.on(&self.table, deed);
        };
        if constraint.valid {
            return self.here(span, Cause::Validate, Works::NONE);
        }
        for table in self.reached(Reach::Tree) {
            let proven = self::constraint(&table, name).is_some_and(|is| is.valid);
            let work = if proven { Works::NONE } else { Works::SCAN };
            let deed = self.deed(span, Cause::Validate).with(table.own(work));
            self.ledger.on(&table, deed);
        }
        self.referenced(span, constraint);
    }

    fn referenced(&mut self, span: Span, constraint: &Constraint) {
        let ConstraintKind::Foreign { references, .. } = &constraint.kind else { return };
        let Some(table) = self.ledger.at(*references).filter(|table| *table != self.table) else { return };
        self.ledger.on(&table, Deed::new(Lock::RowShare, Cause::Validate, span));
    }
}

fn constraint<'w>(table: &Target<'w>, name: &str) -> Option<&'w Constraint> {
    table.relation()?.constraint(name)
}
