use super::ledger::{Deed, Ledger};
use crate::claim::Cause;
use crate::ddl::CreateTrigger;
use crate::{Lock, Span};

/// `CREATE TRIGGER`: one for each row of a partitioned table is made on its partitions, too.
pub(super) fn create_trigger(ledger: &mut Ledger<'_>, create: &CreateTrigger, span: Span) {
    let Some(table) = ledger.find(&create.table) else { return };
    let tables = if create.each_row { ledger.partitions_too(&table) } else { vec![table] };
    ledger.on_each(&tables, &Deed::new(Lock::ShareRowExclusive, Cause::Trigger, span));
    if let Some(from) = &create.from {
        ledger.on_named(from, Deed::new(Lock::AccessShare, Cause::Trigger, span));
    }
}
