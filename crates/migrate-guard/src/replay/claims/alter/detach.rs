use super::Alter;
use crate::claim::{Cause, Works};
use crate::replay::claims::ledger::Deed;
use crate::replay::claims::target::Target;
use crate::{Lock, ObjectName, Span};

impl<'w> Alter<'_, 'w> {
    /// `DETACH PARTITION`. Concurrently, the partition is locked for good only in the second of two transactions.
    pub(super) fn detach(&mut self, span: Span, child: &ObjectName, concurrently: bool) {
        let cause = Cause::Detach(concurrently);
        self.here(span, cause.clone(), Works::NONE);
        let strong = concurrently || self.ledger.pg().at_least(14);
        let lock = if strong { Lock::AccessExclusive } else { Lock::ShareUpdateExclusive };
        let Some(child) = self.ledger.find(child) else { return };
        self.ledger.on(&child, Deed::new(lock, cause.clone(), span));
        let default = self.ledger.default_partition(&self.table).into_iter().take(1);
        let all: Vec<_> = self.ledger.below(&child).into_iter().chain(default).collect();
        self.ledger.on_each(&all, &Deed::new(Lock::AccessExclusive, cause.clone(), span));
        self.keys_of_partition(&child, span, &cause);
    }

    /// The partition gets foreign keys for its own; those that point at the whole no longer point at it.
    fn keys_of_partition(&mut self, child: &Target<'w>, span: Span, cause: &Cause) {
        for referenced in self.ledger.references(child, |key, _| key.inherited) {
            let deed = Deed::new(Lock::ShareRowExclusive, cause.clone(), span);
            self.ledger.on(&referenced, deed);
        }
        for pointing in self.ledger.pointing_at(&self.table) {
            let deed = Deed::new(Lock::AccessExclusive, cause.clone(), span);
            self.ledger.on(&pointing.from, deed.clone());
            self.ledger.on(child, deed);
        }
    }

    /// `SPLIT PARTITION`, `MERGE PARTITIONS`: rows are moved to new tables.
    pub(super) fn repartition(&mut self, span: Span, partitions: &[ObjectName]) {
        self.here(span, Cause::Rewrite("SPLIT or MERGE PARTITION"), Works::NONE);
        for name in partitions {
            let deed = Deed::new(Lock::AccessExclusive, Cause::Rewrite("SPLIT or MERGE PARTITION"), span);
            self.ledger.on_named(name, deed.with(Works::SCAN));
        }
    }
}
