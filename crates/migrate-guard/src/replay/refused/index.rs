//! Indexes that cannot be built or dropped concurrently.

use crate::catalog::{Found, Relation};
use crate::claim::RelationKind;
use crate::ddl::{CreateIndex, Drop};
use crate::replay::World;
use crate::{ObjectName, QualifiedName};

/// `CREATE INDEX CONCURRENTLY`.
pub(super) fn created(world: &World<'_>, create: &CreateIndex) -> Option<String> {
    let table = relation(world, &create.table).filter(|_| create.concurrently)?;
    let is_refused = table.kind == RelationKind::Partitioned;
    is_refused.then(|| format!("no index is built concurrently on {}, which is partitioned", table.name))
}

/// `DROP INDEX CONCURRENTLY`.
pub(super) fn dropped(world: &World<'_>, drop: &Drop) -> Option<String> {
    if !drop.concurrently {
        return None;
    }
    if drop.names.len() > 1 {
        return Some("only one index is dropped concurrently at a time".to_owned());
    }
    if drop.cascade {
        return Some("an index is not dropped concurrently with `CASCADE`".to_owned());
    }
    let table = drop.names.iter().find_map(|(_, name)| partitioned_table_of(world, name))?;
    Some(format!("an index of {table}, which is partitioned, is not dropped concurrently"))
}

fn partitioned_table_of<'w>(world: &'w World<'_>, index: &ObjectName) -> Option<&'w QualifiedName> {
    let info = relation(world, index)?.index.as_ref()?;
    let table = world.catalog.get(info.table)?;
    (table.kind == RelationKind::Partitioned).then_some(&table.name)
}

fn relation<'w>(world: &'w World<'_>, name: &ObjectName) -> Option<&'w Relation> {
    match world.catalog.find(name, &world.path) {
        Found::Here(_, relation) => Some(relation),
        Found::Gone | Found::Unknown => None,
    }
}
