use super::alter::References;
use super::ledger::{Deed, Ledger};
use super::reads;
use crate::catalog::Found;
use crate::claim::Cause;
use crate::ddl::{Bound, Constraint, ConstraintKind, CreateTable};
use crate::{Lock, ObjectName, Span};

/// `CREATE TABLE`: what it references, inherits from, is made like or is a partition of. What its query reads is said
/// where queries are.
pub(super) fn create_table(ledger: &mut Ledger<'_>, create: &CreateTable, span: Span) {
    if let Some(query) = &create.query {
        reads::named(ledger, &query.reads);
    }
    if create.if_not_exists && is_there(ledger, &create.name) {
        return;
    }
    for constraint in constraints(create) {
        references(ledger, create, constraint);
    }
    for like in &create.likes {
        ledger.on_named(&like.source, Deed::new(Lock::AccessShare, Cause::CreateBelow, span));
    }
    for parent in &create.inherits {
        ledger.on_named(parent, Deed::new(Lock::ShareUpdateExclusive, Cause::CreateBelow, span));
    }
    if let Some((parent, bound)) = &create.partition_of {
        partition_of(ledger, parent, bound, span);
    }
}

fn is_there(ledger: &Ledger<'_>, name: &ObjectName) -> bool {
    matches!(ledger.world.catalog.find(name, &ledger.world.path), Found::Here(..))
}

fn constraints(create: &CreateTable) -> impl Iterator<Item = &Constraint> {
    create.constraints.iter().chain(create.columns.iter().flat_map(|column| &column.constraints))
}

fn references(ledger: &mut Ledger<'_>, create: &CreateTable, constraint: &Constraint) {
    let ConstraintKind::Foreign { references, .. } = &constraint.kind else { return };
    let path = &ledger.world.path;
    let itself = references.or_in(path.first()) == create.name.or_in(path.first());
    if !itself {
        References { table: references, span: constraint.span }.lock(ledger, &Cause::CreateReferencing, None);
    }
}

fn partition_of(ledger: &mut Ledger<'_>, parent: &ObjectName, bound: &Bound, span: Span) {
    let Some(parent) = ledger.find(parent) else { return };
    ledger.on(&parent, Deed::new(Lock::AccessExclusive, Cause::CreateBelow, span));
    if *bound != Bound::Default {
        ledger.not_in_default(&parent, bound, span, &Cause::CreateBelow);
    }
    ledger.keys_of_whole(&parent, span, &Cause::CreateBelow);
    ledger.keys_on_whole(&parent, span, &Cause::CreateBelow);
}
