use super::ledger::{Deed, Ledger};
use crate::claim::Cause;
use crate::{Lock, ObjectName, Span};

/// `CREATE POLICY`, `ALTER POLICY`, `CREATE RULE`.
pub(super) fn on_table(ledger: &mut Ledger<'_>, table: &ObjectName, cause: Cause, span: Span) {
    ledger.on_named(table, Deed::new(Lock::AccessExclusive, cause, span));
}
