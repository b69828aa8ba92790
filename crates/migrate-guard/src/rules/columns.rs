//! The columns that a statement makes.

use crate::ddl::{Action, Column, Ddl};

/// Each new column.
pub(super) fn new(ddl: &Ddl) -> Vec<&Column> {
    match ddl {
        Ddl::CreateTable(table) => table.columns.iter().collect(),
        Ddl::AlterTable(alter) => alter.actions.iter().filter_map(|(_, action)| added(action)).collect(),
        _ => Vec::new(),
    }
}

fn added(action: &Action) -> Option<&Column> {
    match action {
        Action::AddColumn { column, .. } => Some(column),
        _ => None,
    }
}
