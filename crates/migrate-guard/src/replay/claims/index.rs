use super::alter::alike;
use super::ledger::{Deed, Ledger};
use super::target::Target;
use crate::catalog::{Found, IndexInfo, Relation};
use crate::claim::{Cause, Works};
use crate::ddl::{CreateIndex, Reindex, ReindexKind, Value};
use crate::{Lock, ObjectName, Span};

/// `CREATE INDEX`.
pub(super) fn create_index(ledger: &mut Ledger<'_>, create: &CreateIndex, span: Span) {
    let Some(table) = ledger.find(&create.table) else { return };
    let concurrent = Deed::new(Lock::ShareUpdateExclusive, Cause::BuildIndexConcurrently, span);
    let locking = Deed::new(Lock::Share, Cause::BuildIndex, span);
    let deed = if create.concurrently { concurrent } else { locking };
    if create.if_not_exists && is_there(ledger, &table, create) {
        return ledger.on(&table, deed);
    }
    let tables = if create.only { vec![table] } else { ledger.partitions_too(&table) };
    for (place, table) in tables.iter().enumerate() {
        let attached = place > 0 && has_alike(ledger, table, create);
        let work = if create.only { table.own_rows(Works::BUILD) } else { table.own(Works::BUILD) };
        ledger.on(table, deed.clone().with(if attached { Works::NONE } else { work }));
    }
}

/// An index is in the schema of its table.
fn is_there(ledger: &Ledger<'_>, table: &Target<'_>, create: &CreateIndex) -> bool {
    let Some(name) = &create.name else { return false };
    let name = ObjectName::within(table.name.schema.clone(), name.clone());
    matches!(ledger.world.catalog.find(&name, &ledger.world.path), Found::Here(..))
}

/// Whether a partition has an index that becomes its part of the new one.
fn has_alike(ledger: &Ledger<'_>, table: &Target<'_>, create: &CreateIndex) -> bool {
    let plain = create.predicate.is_none() && create.elements.iter().all(|element| !element.special);
    let columns = create.elements.iter().map(|element| match &element.expr.value {
        Value::Column(name) => Some(name.clone()),
        _ => None,
    });
    let columns: Vec<_> = columns.collect();
    if !plain || columns.contains(&None) {
        return false;
    }
    let wanted =
        IndexInfo { columns, unique: create.unique, method: create.method.clone(), ..IndexInfo::default() };
    let ids = table.relation().map_or(&[][..], |relation: &Relation| &relation.indexes);
    let mut have = ids.iter().filter_map(|id| ledger.world.catalog.get(*id)?.index.as_ref());
    have.any(|index| alike(index, &wanted))
}

/// `REINDEX`.
pub(super) fn reindex(ledger: &mut Ledger<'_>, reindex: &Reindex, span: Span) {
    let lock = if reindex.concurrently { Lock::ShareUpdateExclusive } else { Lock::Share };
    let deed = Deed::new(lock, Cause::Reindex(reindex.concurrently), span);
    for table in reindexed(ledger, reindex) {
        ledger.on(&table, deed.clone().with(table.own(Works::BUILD)));
    }
}

fn reindexed<'w>(ledger: &Ledger<'w>, reindex: &Reindex) -> Vec<Target<'w>> {
    match (reindex.kind, &reindex.name) {
        (ReindexKind::Index, Some(name)) => {
            let index = ledger.find(name);
            let table = index.and_then(|index| ledger.at(index.relation()?.index.as_ref()?.table));
            table.map(|table| ledger.reindexed_parts(&table)).unwrap_or_default()
        }
        (ReindexKind::Table, Some(name)) => {
            ledger.find(name).map(|table| ledger.reindexed_parts(&table)).unwrap_or_default()
        }
        (ReindexKind::Schema, Some(name)) => ledger.indexed(|schema| schema == name.name),
        (ReindexKind::Database, _) => ledger.indexed(|_| true),
        _ => Vec::new(),
    }
}

impl<'w> Ledger<'w> {
    /// Before version 14, nothing was done to a partitioned table.
    fn reindexed_parts(&self, table: &Target<'w>) -> Vec<Target<'w>> {
        if self.pg().at_least(14) { self.partitions_too(table) } else { vec![table.clone()] }
    }

    /// The tables with indexes in the schemas that `pick` takes.
    fn indexed(&self, pick: impl Fn(&str) -> bool) -> Vec<Target<'w>> {
        let all = self.world.catalog.relations().map(|(id, relation)| Target::known(id, relation));
        all.filter(|table| table.is_indexed() && pick(&table.name.schema)).collect()
    }
}
