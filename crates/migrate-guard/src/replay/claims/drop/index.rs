use crate::claim::Cause;
use crate::ddl::Drop;
use crate::replay::claims::ledger::{Deed, Ledger};
use crate::replay::claims::target::Target;
use crate::{Lock, Span};

/// `DROP INDEX`: the table of the index is locked; of an index that nobody made, which that is cannot be said.
pub(super) fn drop_indexes(ledger: &mut Ledger<'_>, drop: &Drop, span: Span) {
    let lock = if drop.concurrently { Lock::ShareUpdateExclusive } else { Lock::AccessExclusive };
    let deed = Deed::new(lock, Cause::DropIndex(drop.concurrently), span);
    for (_, name) in &drop.names {
        let Some(index) = ledger.find(name) else { continue };
        let Some(table) = table_of(ledger, &index) else { continue };
        let tables = ledger.partitions_too(&table);
        ledger.on_each(&tables, &deed);
        if drop.cascade {
            keys_on(ledger, &index, &table, span);
        }
    }
}

fn table_of<'w>(ledger: &Ledger<'w>, index: &Target<'w>) -> Option<Target<'w>> {
    ledger.at(index.relation()?.index.as_ref()?.table)
}

/// Foreign keys that rest on a unique index go with it.
fn keys_on<'w>(ledger: &mut Ledger<'w>, index: &Target<'w>, table: &Target<'w>, span: Span) {
    let Some(index) = index.relation().and_then(|relation| relation.index.as_ref()) else { return };
    let columns: Vec<_> = index.columns.iter().flatten().collect();
    for pointing in ledger.pointing_at(table) {
        let rests = pointing.referenced.len() == columns.len()
            && pointing.referenced.iter().all(|column| columns.contains(&column));
        if rests {
            let deed = Deed::new(Lock::AccessExclusive, Cause::DropForeignKey, span);
            ledger.on(&pointing.from, deed);
        }
    }
}
