use rustc_hash::FxHashSet;

use super::ledger::{Deed, Ledger};
use super::target::Target;
use crate::Lock;
use crate::Span;
use crate::claim::Cause;
use crate::ddl::Truncate;

/// `TRUNCATE`: a table gets an empty file, and its indexes too.
pub(super) fn truncate(ledger: &mut Ledger<'_>, truncate: &Truncate, span: Span) {
    let mut tables = Vec::new();
    for (name, only) in &truncate.tables {
        let Some(table) = ledger.find(name) else { continue };
        tables.extend(if *only { vec![table] } else { ledger.tree(&table) });
    }
    if truncate.cascade {
        referencing(ledger, &mut tables);
    }
    for table in &tables {
        let deed = Deed::new(Lock::AccessExclusive, Cause::Truncate, span).with(table.refill());
        ledger.on(table, deed);
        above(ledger, table, span);
    }
}

/// Adds the tables that point at one of `tables`, what is below them, and so on.
fn referencing<'w>(ledger: &Ledger<'w>, tables: &mut Vec<Target<'w>>) {
    let mut seen: FxHashSet<_> = tables.iter().filter_map(Target::id).collect();
    let mut at = 0;
    while let Some(table) = tables.get(at).cloned() {
        let keys = ledger.pointing_at(&table).into_iter().chain(on_whole(ledger, &table));
        for pointing in keys {
            let below = ledger.tree(&pointing.from).into_iter();
            tables.extend(below.filter(|table| table.id().is_some_and(|id| seen.insert(id))));
        }
        at += 1;
    }
}

/// A foreign key that points at a partitioned table points at each partition.
fn on_whole<'w>(ledger: &Ledger<'w>, table: &Target<'w>) -> Vec<super::ask::Pointing<'w>> {
    ledger.parent(table).map(|parent| ledger.pointing_at(&parent)).unwrap_or_default()
}

/// Before version 14, the partitioned table was read for what the partition inherits.
fn above(ledger: &mut Ledger<'_>, table: &Target<'_>, span: Span) {
    if ledger.pg().at_least(14) {
        return;
    }
    let parent = table.relation().and_then(|is| is.partition_of).and_then(|id| ledger.at(id));
    if let Some(parent) = parent {
        ledger.on(&parent, Deed::new(Lock::AccessShare, Cause::Truncate, span));
    }
}
