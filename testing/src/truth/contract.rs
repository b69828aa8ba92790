use super::schema::{Column, Relation};

/// A kind of change, and to what: a column, or a relation with its schema.
type Change = (&'static str, String);

/// What changed about a table for code that knows it as it was; `after` is nothing where it is dropped.
pub(super) fn changes(before: &Relation, after: Option<&Relation>) -> Vec<Change> {
    if !matches!(before.kind, 'r' | 'p' | 'f') {
        return Vec::new();
    }
    let Some(after) = after else { return vec![("drop_table", before.name.clone())] };
    let mut changes = Vec::new();
    if before.name != after.name {
        changes.push(("rename_table", before.name.clone()));
    }
    for (number, column) in &before.columns {
        changes.extend(of_column(column, after.columns.get(number)));
    }
    let new = after.columns.iter().filter(|(number, _)| !before.columns.contains_key(number));
    let required = new.filter(|(_, column)| column.required && !column.filled);
    changes.extend(required.map(|(_, column)| ("add_required_column", column.name.clone())));
    changes
}

fn of_column(before: &Column, after: Option<&Column>) -> Vec<Change> {
    let Some(after) = after else { return vec![("drop_column", before.name.clone())] };
    let changed = [
        ("rename_column", before.name != after.name),
        ("change_type", before.ty != after.ty),
        ("set_not_null", !before.required && after.required && !after.filled),
        ("set_not_null_default", !before.required && after.required && after.filled),
        ("drop_not_null", before.required && !after.required),
        ("drop_default_on_notnull", before.filled && !after.filled && before.required && after.required),
    ];
    let kinds = changed.into_iter().filter_map(|(kind, changed)| changed.then_some(kind));
    kinds.map(|kind| (kind, before.name.clone())).collect()
}
