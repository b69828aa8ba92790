//! `DROP`: what goes, what goes with it, and what is only locked because a foreign key pointed at it.

mod extension;
mod index;
mod losses;
mod part;

use super::ledger::{Deed, Ledger};
use super::target::Target;
use crate::catalog::Target as Gone;
use crate::claim::{Cause, RelationKind};
use crate::ddl::{Drop, ObjectKind};
use crate::{Lock, ObjectName, Span};

/// Claims of `DROP`.
pub(super) fn drop(ledger: &mut Ledger<'_>, drop: &Drop, span: Span) {
    match drop.kind {
        ObjectKind::Index => index::drop_indexes(ledger, drop, span),
        ObjectKind::Trigger | ObjectKind::Policy | ObjectKind::Rule => part::drop_part(ledger, drop, span),
        ObjectKind::Extension if drop.cascade => {
            for (_, name) in &drop.names {
                extension::drop_extension(ledger, &name.name, span);
            }
        }
        _ => {
            let named = drop.names.iter();
            let gone: Vec<_> = named.filter_map(|(_, name)| object(ledger, drop, name, span)).collect();
            ledger.lose(&gone, span);
        }
    }
}

/// What a name stands for. Of a table that no migration speaks of, no more than itself is known.
fn object<'d>(ledger: &mut Ledger<'_>, drop: &Drop, name: &'d ObjectName, span: Span) -> Option<Gone<'d>> {
    match drop.kind {
        ObjectKind::Type | ObjectKind::Domain => Some(Gone::Type(ledger.full(name))),
        ObjectKind::Function => Some(Gone::Function(ledger.full_function(name))),
        ObjectKind::Schema => Some(Gone::Schema(&name.name)),
        kind => {
            let target = ledger.find_if(name, drop.if_exists).filter(|target| fits(kind, target))?;
            let id = target.id();
            if id.is_none() && kind != ObjectKind::Sequence {
                ledger.on(&target, exclusively(Cause::DropTable, span).assumed_if(true));
            }
            id.map(Gone::Relation)
        }
    }
}

/// `DROP TABLE` of a view fails.
fn fits(kind: ObjectKind, target: &Target<'_>) -> bool {
    let is = target.kind();
    match kind {
        _ if target.id().is_none() => is_relation(kind),
        ObjectKind::View => is == RelationKind::View,
        ObjectKind::MaterializedView => is == RelationKind::MaterializedView,
        ObjectKind::ForeignTable => is == RelationKind::Foreign,
        ObjectKind::Sequence => is == RelationKind::Sequence,
        ObjectKind::Table => matches!(is, RelationKind::Table | RelationKind::Partitioned),
        _ => false,
    }
}

fn is_relation(kind: ObjectKind) -> bool {
    matches!(
        kind,
        ObjectKind::Table | ObjectKind::ForeignTable | ObjectKind::View | ObjectKind::MaterializedView
    )
}

/// A lock that nobody else can have beside.
fn exclusively(cause: Cause, span: Span) -> Deed {
    Deed::new(Lock::AccessExclusive, cause, span)
}
