use super::ledger::{Deed, Ledger};
use super::target::Target;
use crate::Span;
use crate::claim::{Cause, RelationKind};
use crate::ddl::LockTable;

/// `LOCK TABLE`: what is below a table is locked as it is, and so is what a view reads.
pub(super) fn lock_table(ledger: &mut Ledger<'_>, lock: &LockTable, span: Span) {
    let deed = Deed::new(lock.lock, Cause::LockTable, span);
    for (name, only) in &lock.tables {
        let Some(table) = ledger.find(name) else { continue };
        let tables = if *only { vec![table] } else { with_all(ledger, &table) };
        ledger.on_each(&tables, &deed);
    }
}

fn with_all<'w>(ledger: &Ledger<'w>, table: &Target<'w>) -> Vec<Target<'w>> {
    let mut all = ledger.tree(table);
    if table.kind() == RelationKind::View {
        all.extend(ledger.sources(table));
    }
    all
}
