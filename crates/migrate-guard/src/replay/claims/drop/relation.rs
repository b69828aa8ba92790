use super::exclusively;
use crate::Span;
use crate::claim::{Cause, RelationKind};
use crate::replay::claims::ledger::Ledger;
use crate::replay::claims::target::Target;

/// Tables and views that go, with all that goes with them.
pub(super) fn drop_relations<'w>(ledger: &mut Ledger<'w>, roots: Vec<Target<'w>>, cascade: bool, span: Span) {
    let doomed = with_dependents(ledger, roots, cascade);
    for target in &doomed {
        ledger.on(target, exclusively(cause(target), span));
        around(ledger, target, span);
        keys(ledger, target, span);
    }
}

fn cause(target: &Target<'_>) -> Cause {
    match target.kind() {
        RelationKind::View | RelationKind::MaterializedView => Cause::Other("DROP VIEW"),
        _ => Cause::DropTable,
    }
}

/// Partitions go with their table, what inherits and views only where `CASCADE` says so.
fn with_dependents<'w>(ledger: &Ledger<'w>, roots: Vec<Target<'w>>, cascade: bool) -> Vec<Target<'w>> {
    let mut doomed: Vec<Target<'w>> = Vec::new();
    for root in roots {
        let below = if cascade || root.is_partitioned() { ledger.tree(&root) } else { vec![root] };
        let views = below.iter().filter(|_| cascade).filter_map(|target| target.id());
        let views: Vec<_> = views.flat_map(|id| ledger.views_over(id)).collect();
        for target in below.into_iter().chain(views) {
            if !doomed.contains(&target) {
                doomed.push(target);
            }
        }
    }
    doomed
}

/// A partition leaves its table, whose default partition may then take more.
fn around(ledger: &mut Ledger<'_>, target: &Target<'_>, span: Span) {
    let parent = target.relation().and_then(|is| is.partition_of).and_then(|id| ledger.at(id));
    let Some(parent) = parent else { return };
    ledger.on(&parent, exclusively(Cause::DropTable, span));
    if let Some(default) = ledger.default_partition(&parent).first() {
        ledger.on(default, exclusively(Cause::DropTable, span));
    }
}

/// The other tables of foreign keys: their triggers go.
fn keys<'w>(ledger: &mut Ledger<'w>, table: &Target<'w>, span: Span) {
    let deed = exclusively(Cause::DropForeignKey, span);
    let whole = ledger.parent(table).map(|whole| ledger.pointing_at(&whole)).unwrap_or_default();
    for pointing in ledger.pointing_at(table).into_iter().chain(whole) {
        let tables = ledger.partitions_too(&pointing.from);
        ledger.on_each(&others(tables, table), &deed);
    }
    for referenced in ledger.references(table, |key, _| !key.inherited) {
        let tables = referenced_parts(ledger, &referenced);
        ledger.on_each(&others(tables, table), &deed);
    }
}

/// Before version 15, a partitioned table had no trigger of its own for a foreign key that points at it.
fn referenced_parts<'w>(ledger: &Ledger<'w>, referenced: &Target<'w>) -> Vec<Target<'w>> {
    let skipped = usize::from(referenced.is_partitioned() && !ledger.pg().at_least(15));
    ledger.partitions_too(referenced).split_off(skipped)
}

fn others<'w>(tables: Vec<Target<'w>>, table: &Target<'w>) -> Vec<Target<'w>> {
    tables.into_iter().filter(|other| other != table).collect()
}
