use super::ledger::{Deed, Ledger};
use super::target::Target;
use crate::claim::{Cause, RelationKind};
use crate::ddl::Maintenance;
use crate::{Lock, ObjectName, Span};

/// `VACUUM`, `ANALYZE`, `CLUSTER`.
pub(super) fn maintenance(ledger: &mut Ledger<'_>, maintenance: &Maintenance, span: Span) {
    match maintenance {
        Maintenance::Vacuum { full: true, tables, .. } => written_anew(ledger, tables, "VACUUM FULL", span),
        Maintenance::Vacuum { tables, .. } => read_through(ledger, tables, span),
        Maintenance::Analyze { tables } => {
            read_through(ledger, tables, span);
            heirs(ledger, tables, span);
        }
        Maintenance::Cluster { table } => written_anew(ledger, table.as_slice(), "CLUSTER", span),
    }
}

/// The tables named, or all.
fn meant<'w>(ledger: &Ledger<'w>, names: &[ObjectName]) -> Vec<Target<'w>> {
    if names.is_empty() {
        return ledger.stored();
    }
    let tables = names.iter().filter_map(|name| ledger.find(name));
    tables.flat_map(|table| ledger.partitions_too(&table)).collect()
}

/// `CLUSTER` without a table goes to those that were clustered before, which nobody wrote down.
fn written_anew(ledger: &mut Ledger<'_>, names: &[ObjectName], words: &'static str, span: Span) {
    if names.is_empty() && words == "CLUSTER" {
        return;
    }
    for table in meant(ledger, names) {
        let deed = Deed::new(Lock::AccessExclusive, Cause::Rewrite(words), span).with(table.rewrite());
        ledger.on(&table, deed);
    }
}

fn read_through(ledger: &mut Ledger<'_>, names: &[ObjectName], span: Span) {
    let tables = meant(ledger, names);
    ledger.on_each(&tables, &Deed::new(Lock::ShareUpdateExclusive, Cause::Harmless, span));
}

/// What inherits is sampled, too; from version 18 on it is analyzed for itself.
fn heirs(ledger: &mut Ledger<'_>, names: &[ObjectName], span: Span) {
    let lock = if ledger.pg().at_least(18) { Lock::ShareUpdateExclusive } else { Lock::AccessShare };
    let tables: Vec<_> = names.iter().filter_map(|name| ledger.find(name)).collect();
    for table in tables.iter().filter(|table| !table.is_partitioned()) {
        let below = ledger.below(table);
        ledger.on_each(&below, &Deed::new(lock, Cause::Harmless, span));
    }
}

impl<'w> Ledger<'w> {
    /// Everything that stores rows.
    fn stored(&self) -> Vec<Target<'w>> {
        let all = self.world.catalog.relations().map(|(id, relation)| Target::known(id, relation));
        let kinds = [RelationKind::Table, RelationKind::Partitioned, RelationKind::MaterializedView];
        all.filter(|table| kinds.contains(&table.kind())).collect()
    }
}
