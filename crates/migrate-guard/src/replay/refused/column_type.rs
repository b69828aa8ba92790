//! `ALTER COLUMN … TYPE` of a column that others are made of.

use crate::Span;
use crate::catalog::{Found, Relation, RelationId};
use crate::ddl::{Action, AlterTable, ColumnAction};
use crate::replay::World;

/// What stands against the types that a statement gives, each with its place.
pub(super) fn retyped(world: &World<'_>, alter: &AlterTable) -> Vec<(Span, String)> {
    let Found::Here(table, _) = world.catalog.find(&alter.name, &world.path) else { return Vec::new() };
    let tree = if alter.only { vec![table] } else { world.catalog.tree(table) };
    let columns = alter.actions.iter().filter_map(|(span, action)| Some((*span, retyped_column(action)?)));
    let against = |name: &str| tree.iter().find_map(|table| against(world, *table, name, alter));
    columns.filter_map(|(span, name)| Some((span, against(name)?))).collect()
}

fn retyped_column(action: &Action) -> Option<&str> {
    match action {
        Action::Column { name, action: ColumnAction::Type { .. } } => Some(name),
        _ => None,
    }
}

fn against(world: &World<'_>, id: RelationId, column: &str, alter: &AlterTable) -> Option<String> {
    let table = world.catalog.get(id)?;
    let what = of_key(table, column)
        .or_else(|| of_view(world, id, column))
        .or_else(|| of_trigger(table, column))
        .or_else(|| of_generated(table, column, alter))?;
    Some(format!("`{column}` of {} gets no other type: {what}", table.name))
}

fn of_key(table: &Relation, column: &str) -> Option<String> {
    let by = table.partition_by.as_ref()?;
    by.columns.iter().any(|own| own == column).then(|| "the table is partitioned by it".to_owned())
}

fn of_view(world: &World<'_>, table: RelationId, column: &str) -> Option<String> {
    let view = *world.catalog.views_of(table, column).first()?;
    Some(format!("the view {} uses it", world.catalog.get(view)?.name))
}

fn of_trigger(table: &Relation, column: &str) -> Option<String> {
    let fires = |columns: &[String]| columns.iter().any(|own| own == column);
    let trigger = table.triggers.iter().find(|trigger| fires(&trigger.columns))?;
    Some(format!("the trigger `{}` names it", trigger.name))
}

/// What the same statement drops is gone before.
fn of_generated(table: &Relation, column: &str, alter: &AlterTable) -> Option<String> {
    let is_made_of = |from: &[String]| from.iter().any(|own| own == column);
    let mut made = table.columns.iter().filter(|own| is_made_of(&own.made_of));
    let made = made.find(|own| !alter.actions.iter().any(|(_, action)| lets_go(action, &own.name)))?;
    Some(format!("the generated column `{}` is made of it", made.name))
}

fn lets_go(action: &Action, column: &str) -> bool {
    match action {
        Action::DropColumn { name, .. } | Action::Column { name, action: ColumnAction::DropExpression } => {
            name == column
        }
        _ => false,
    }
}
