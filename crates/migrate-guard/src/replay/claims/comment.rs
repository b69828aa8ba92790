use super::ledger::{Deed, Ledger};
use crate::claim::{Cause, RelationKind};
use crate::ddl::{Comment, CreateSequence, Grant, ObjectKind};
use crate::{Lock, ObjectName, Span};

/// `COMMENT ON`, `SECURITY LABEL ON`.
pub(super) fn comment(ledger: &mut Ledger<'_>, comment: &Comment, span: Span) {
    let lock = match comment.kind {
        ObjectKind::Table
        | ObjectKind::ForeignTable
        | ObjectKind::View
        | ObjectKind::MaterializedView
        | ObjectKind::Column => Lock::ShareUpdateExclusive,
        ObjectKind::Constraint | ObjectKind::Trigger | ObjectKind::Policy | ObjectKind::Rule => {
            Lock::AccessShare
        }
        _ => return,
    };
    harmless(ledger, &comment.name, lock, span);
}

/// `GRANT`, `REVOKE`: from version 18 on, the tables they name are locked.
pub(super) fn grant(ledger: &mut Ledger<'_>, grant: &Grant, span: Span) {
    if ledger.pg().at_least(18) {
        for table in &grant.tables {
            harmless(ledger, table, Lock::AccessShare, span);
        }
    }
}

/// `CREATE STATISTICS`, `CREATE | ALTER PUBLICATION`.
pub(super) fn named(ledger: &mut Ledger<'_>, tables: &[ObjectName], span: Span) {
    for table in tables {
        harmless(ledger, table, Lock::ShareUpdateExclusive, span);
    }
}

/// `CREATE SEQUENCE`, unless `IF NOT EXISTS` finds one.
pub(super) fn create_sequence(ledger: &mut Ledger<'_>, create: &CreateSequence, span: Span) {
    let there = ledger.find(&create.name).is_some_and(|sequence| sequence.id().is_some());
    if !(create.if_not_exists && there) {
        owner(ledger, create.owned_by.as_ref(), span);
    }
}

/// `OWNED BY` of a sequence.
pub(super) fn owner(ledger: &mut Ledger<'_>, owned_by: Option<&(ObjectName, String)>, span: Span) {
    if let Some((table, _)) = owned_by {
        harmless(ledger, table, Lock::AccessShare, span);
    }
}

fn harmless(ledger: &mut Ledger<'_>, name: &ObjectName, lock: Lock, span: Span) {
    let Some(target) = ledger.find(name).filter(|target| target.kind() != RelationKind::Composite) else {
        return;
    };
    ledger.on(&target, Deed::new(lock, Cause::Harmless, span));
}
