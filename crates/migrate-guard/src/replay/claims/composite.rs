use super::alter::actions;
use super::ledger::Ledger;
use super::rename::typed_tables;
use crate::ddl::Action;
use crate::{ObjectName, Span};

/// `ALTER TYPE` of a composite type: tables made of it change as it does.
pub(super) fn alter_composite(ledger: &mut Ledger<'_>, name: &ObjectName, changes: &[(Span, Action)]) {
    let Some(ty) = ledger.find(name) else { return };
    for table in typed_tables(ledger, &ty) {
        actions(ledger, table, false, changes);
    }
}
