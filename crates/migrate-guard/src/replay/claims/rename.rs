use super::ledger::{Deed, Ledger};
use super::target::Target;
use crate::catalog::ConstraintKind;
use crate::claim::Cause;
use crate::ddl::{ObjectKind, Rename, SetSchema};
use crate::{Lock, ObjectName, Span};

/// `ALTER … RENAME`.
pub(super) fn rename(ledger: &mut Ledger<'_>, rename: &Rename, span: Span) {
    let named = if is_relation(rename.kind) { Some(&rename.name) } else { rename.on.as_ref() };
    let Some(target) = named.and_then(|name| ledger.find_if(name, rename.if_exists)) else { return };
    let deed = Deed::new(Lock::AccessExclusive, Cause::Rename, span);
    let renamed = match rename.kind {
        ObjectKind::Column => ledger.tree(&target),
        ObjectKind::Constraint => with_constraint(ledger, &target, &rename.name),
        ObjectKind::Trigger => with_trigger(ledger, &target, &rename.name),
        ObjectKind::Attribute => typed_tables(ledger, &target),
        ObjectKind::Policy | ObjectKind::Rule => vec![target],
        kind if is_relation(kind) => vec![target],
        _ => return,
    };
    ledger.on_each(&renamed, &deed);
}

/// `ALTER … SET SCHEMA`.
pub(super) fn set_schema(ledger: &mut Ledger<'_>, set: &SetSchema, span: Span) {
    if is_relation(set.kind) {
        let target = ledger.find_if(&set.name, set.if_exists);
        let deed = Deed::new(Lock::AccessExclusive, Cause::Rename, span);
        ledger.on_each(target.as_slice(), &deed);
    }
}

/// Kinds that are locked as tables are; indexes and sequences are locked, but nobody waits for them.
fn is_relation(kind: ObjectKind) -> bool {
    matches!(
        kind,
        ObjectKind::Table | ObjectKind::ForeignTable | ObjectKind::View | ObjectKind::MaterializedView
    )
}

/// A check is renamed below, too.
fn with_constraint<'w>(ledger: &Ledger<'w>, table: &Target<'w>, name: &ObjectName) -> Vec<Target<'w>> {
    let constraint = table.relation().and_then(|relation| relation.constraint(&name.name));
    let check = constraint.is_some_and(|constraint| matches!(constraint.kind, ConstraintKind::Check { .. }));
    if check { ledger.tree(table) } else { vec![table.clone()] }
}

/// From version 15 on, a trigger for each row is renamed in the partitions, too.
fn with_trigger<'w>(ledger: &Ledger<'w>, table: &Target<'w>, name: &ObjectName) -> Vec<Target<'w>> {
    let triggers = table.relation().map_or(&[][..], |relation| &relation.triggers);
    let each_row = triggers.iter().any(|trigger| trigger.name == name.name && trigger.each_row);
    let below = ledger.pg().at_least(15) && each_row && table.is_partitioned();
    if below { ledger.tree(table) } else { vec![table.clone()] }
}

/// Tables that are made of a composite type.
pub(super) fn typed_tables<'w>(ledger: &Ledger<'w>, ty: &Target<'w>) -> Vec<Target<'w>> {
    let tables = ledger.world.catalog.typed_tables(&ty.name).into_iter();
    tables.filter_map(|id| ledger.at(id)).collect()
}
