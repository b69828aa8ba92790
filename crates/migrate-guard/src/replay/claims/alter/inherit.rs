use super::Alter;
use crate::claim::{Cause, Works};
use crate::replay::claims::ledger::Deed;
use crate::{Lock, ObjectName, Span};

impl Alter<'_, '_> {
    /// `INHERIT`; what is below the table is looked at, so that nothing inherits from itself.
    pub(super) fn inherit(&mut self, span: Span, parent: &ObjectName) {
        let cause = Cause::Other("INHERIT");
        self.here(span, cause.clone(), Works::NONE);
        self.ledger.on_named(parent, Deed::new(Lock::ShareUpdateExclusive, cause.clone(), span));
        for table in self.ledger.below(&self.table) {
            self.ledger.on(&table, Deed::new(Lock::AccessShare, cause.clone(), span));
        }
    }

    /// `NO INHERIT`.
    pub(super) fn no_inherit(&mut self, span: Span, parent: &ObjectName) {
        let cause = Cause::Other("NO INHERIT");
        self.here(span, cause.clone(), Works::NONE);
        self.ledger.on_named(parent, Deed::new(Lock::AccessShare, cause, span));
    }
}
