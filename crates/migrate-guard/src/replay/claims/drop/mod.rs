//! `DROP`: what goes, what goes with it, and what is only locked because something pointed at it.

mod column;
mod index;
mod part;
mod relation;

use super::ledger::{Deed, Ledger};
use super::target::Target;
use crate::claim::RelationKind;
use crate::ddl::{Drop, ObjectKind};
use crate::{ObjectName, Span};

/// Claims of `DROP`.
pub(super) fn drop(ledger: &mut Ledger<'_>, drop: &Drop, span: Span) {
    match drop.kind {
        ObjectKind::Table | ObjectKind::ForeignTable | ObjectKind::View | ObjectKind::MaterializedView => {
            let named = drop.names.iter().filter_map(|(_, name)| ledger.find(name));
            let fitting: Vec<_> = named.filter(|target| fits(drop.kind, target)).collect();
            relation::drop_relations(ledger, fitting, drop.cascade, span);
        }
        ObjectKind::Schema if drop.cascade => {
            let inside = drop.names.iter().flat_map(|(_, name)| within(ledger, &name.name)).collect();
            relation::drop_relations(ledger, inside, true, span);
        }
        ObjectKind::Index => index::drop_indexes(ledger, drop, span),
        ObjectKind::Trigger | ObjectKind::Policy | ObjectKind::Rule => part::drop_part(ledger, drop, span),
        _ if drop.cascade => {
            for (_, name) in &drop.names {
                cascade(ledger, drop.kind, name, span);
            }
        }
        _ => {}
    }
}

/// What goes with something that relations are made of.
fn cascade(ledger: &mut Ledger<'_>, kind: ObjectKind, name: &ObjectName, span: Span) {
    match kind {
        ObjectKind::Type | ObjectKind::Domain => column::of_type(ledger, name, span),
        ObjectKind::Function => column::of_function(ledger, name, span),
        ObjectKind::Sequence => column::of_sequence(ledger, name, span),
        ObjectKind::Extension => column::of_extension(ledger, &name.name, span),
        _ => {}
    }
}

/// `DROP TABLE` of a view fails.
fn fits(kind: ObjectKind, target: &Target<'_>) -> bool {
    target.id().is_none() || is_of(kind, target.kind())
}

fn is_of(kind: ObjectKind, is: RelationKind) -> bool {
    match kind {
        ObjectKind::View => is == RelationKind::View,
        ObjectKind::MaterializedView => is == RelationKind::MaterializedView,
        ObjectKind::ForeignTable => is == RelationKind::Foreign,
        _ => matches!(is, RelationKind::Table | RelationKind::Partitioned),
    }
}

fn within<'w>(ledger: &Ledger<'w>, schema: &str) -> Vec<Target<'w>> {
    let all = ledger.world.catalog.relations().filter(|(_, relation)| relation.name.schema == schema);
    all.map(|(id, relation)| Target::known(id, relation)).collect()
}

/// A lock that nobody else can have beside.
fn exclusively(cause: crate::claim::Cause, span: Span) -> Deed {
    Deed::new(crate::Lock::AccessExclusive, cause, span)
}
