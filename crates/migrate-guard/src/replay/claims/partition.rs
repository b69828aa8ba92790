//! What a new partition does to the partitions and the keys that are there.

use super::ledger::{Deed, Ledger};
use super::outside::is_outside;
use super::target::Target;
use crate::catalog::ConstraintKind;
use crate::claim::{Cause, Works};
use crate::ddl::Bound;
use crate::{Lock, Span};

impl<'w> Ledger<'w> {
    /// Rows of the default partition that would belong to a new one are looked for, unless a check rules them out.
    pub(super) fn not_in_default(&mut self, whole: &Target<'w>, bound: &Bound, span: Span, cause: &Cause) {
        for table in self.default_partition(whole) {
            let checks = table.relation().map_or(&[][..], |relation| &relation.constraints);
            let checked = checks.iter().any(|is| is.valid && matches!(is.kind, ConstraintKind::Check { .. }));
            let deed = Deed::new(Lock::AccessExclusive, cause.clone(), span);
            if is_outside(whole, &table, bound) {
                self.on(&table, deed);
            } else {
                self.on(&table, deed.with(table.own(Works::SCAN)).assumed_if(checked));
            }
        }
    }

    /// Foreign keys that point at the whole now point at the new partition, too.
    pub(super) fn keys_on_whole(&mut self, whole: &Target<'w>, span: Span, cause: &Cause) {
        let lock = if self.pg().at_least(15) { Lock::ShareRowExclusive } else { Lock::AccessShare };
        for pointing in self.pointing_at(whole) {
            self.on(&pointing.from, Deed::new(lock, cause.clone(), span));
        }
    }

    /// What the foreign keys of the whole point at.
    pub(super) fn keys_of_whole(&mut self, whole: &Target<'w>, span: Span, cause: &Cause) {
        for referenced in self.references(whole, |_, _| true) {
            let tables = self.partitions_too(&referenced);
            self.on_each(&tables, &Deed::new(Lock::ShareRowExclusive, cause.clone(), span));
        }
    }
}
