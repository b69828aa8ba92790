//! What a statement changes for code that was written against the schema before it.
//!
//! Of columns it is a comparison: what each was before the statement and what it is after all of its actions, relation
//! by relation, down to the partitions.

mod access;
mod alter;
mod change;
mod columns;
mod constraints;
mod drop;
mod objects;
mod rename;

use crate::Age;
use crate::claim::{Change, ChangeKind};
use crate::ddl::{Ddl, Statement};
use crate::replay::World;

/// What the statement changes, asked of the schema before it.
pub(super) fn changes(world: &World<'_>, statement: &Statement) -> Vec<Change> {
    let mut changes = of_kind(world, statement);
    for change in &mut changes {
        change.fresh = is_fresh(world, change);
    }
    changes
}

/// Whether a change harms who names a column that is younger than the running release: nobody. Who does not name it may
/// still break, where a row needs a value for it.
fn is_fresh(world: &World<'_>, change: &Change) -> bool {
    use ChangeKind::{ChangeType, DropColumn, DropNotNull, RenameColumn};
    if !matches!(change.kind, ChangeType | DropColumn | DropNotNull | RenameColumn) {
        return false;
    }
    let relation = world.catalog.id(&change.relation).map(|(_, relation)| relation);
    let column = relation.and_then(|relation| relation.column(&change.name));
    column.is_some_and(|column| world.age_of(column.born) != Age::Old)
}

fn of_kind(world: &World<'_>, statement: &Statement) -> Vec<Change> {
    let span = statement.span;
    match &statement.ddl {
        Ddl::AlterTable(alter) => alter::changes(world, alter, span),
        Ddl::CreateIndex(create) => constraints::unique_index(world, create, span),
        Ddl::Drop(drop) => drop::changes(world, drop),
        Ddl::Rename(rename) => rename::changes(world, rename, span),
        Ddl::SetSchema(set) => rename::moved(world, set, span),
        Ddl::AlterEnum(alter) => objects::label(world, alter, span),
        Ddl::AlterComposite { name, actions, .. } => objects::attributes(world, name, actions),
        Ddl::AlterDomain(alter) => objects::domain(world, alter, span),
        Ddl::Policy { name, table, create, .. } => access::policy(world, name, table, *create, span),
        Ddl::CreateTrigger(create) => access::trigger(world, create, span),
        Ddl::CreateRule { name, table, .. } => access::rule(world, name, table, span),
        Ddl::Grant(grant) => access::revoke(world, grant, span),
        _ => Vec::new(),
    }
}
