//! What a definition names: it is looked at, and not read.

use super::ledger::{Deed, Ledger};
use crate::Lock;
use crate::claim::{Cause, RelationKind};
use crate::ddl::Read;

/// Relations that a view, a policy or the query of a new table names.
pub(super) fn named(ledger: &mut Ledger<'_>, reads: &[Read]) {
    for read in reads {
        lock(ledger, read, Lock::AccessShare);
    }
}

/// Relations that the actions of a rule name, which mostly write to them.
pub(super) fn written(ledger: &mut Ledger<'_>, reads: &[Read]) {
    for read in reads {
        lock(ledger, read, Lock::RowExclusive);
    }
}

fn lock(ledger: &mut Ledger<'_>, read: &Read, lock: Lock) {
    let lock = if read.lock.is_some() { Lock::RowShare } else { lock };
    let target = ledger.find(&read.name).filter(|target| target.kind() != RelationKind::Composite);
    if let Some(target) = target {
        ledger.on(&target, Deed::new(lock, Cause::Read, read.span));
    }
}
