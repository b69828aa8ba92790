use super::Alter;
use crate::claim::Cause;
use crate::replay::claims::ledger::Deed;
use crate::replay::claims::target::Target;
use crate::{Lock, ObjectName, Span};

impl<'w> Alter<'_, 'w> {
    /// `ALTER INDEX … ATTACH PARTITION`: the tables of both indexes are looked at.
    pub(super) fn attach_index(&mut self, span: Span, child: &ObjectName) {
        let child = self.ledger.find(child).and_then(|index| self.table_of(&index));
        let tables: Vec<_> = self.table_of(&self.table).into_iter().chain(child).collect();
        let deed = Deed::new(Lock::AccessShare, Cause::Harmless, span);
        self.ledger.on_each(&tables, &deed);
    }

    fn table_of(&self, index: &Target<'w>) -> Option<Target<'w>> {
        self.ledger.at(index.relation()?.index.as_ref()?.table)
    }
}
