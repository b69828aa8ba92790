use crate::ddl::{Action, Ddl, ObjectKind, Statement};

/// The condition that PL/pgSQL knows a refusal of the catalog by, from the words it gives and the statement it refuses.
pub(in crate::replay) fn condition(statement: &Statement, why: &str) -> &'static str {
    if why.contains("already exists") {
        return duplicate(&statement.ddl, why);
    }
    if why.contains("does not exist") {
        return undefined(&statement.ddl, why);
    }
    match why {
        "other objects depend on it" => "dependent_objects_still_exist",
        "multiple primary keys for table are not allowed" => "invalid_table_definition",
        "relation is of another kind" => "wrong_object_type",
        _ => "internal_error",
    }
}

fn duplicate(ddl: &Ddl, why: &str) -> &'static str {
    match ddl {
        _ if why.starts_with("column") => "duplicate_column",
        _ if why.starts_with("relation") => "duplicate_table",
        _ if why.starts_with("schema") => "duplicate_schema",
        _ if why.starts_with("function") => "duplicate_function",
        Ddl::CreateTable(_) | Ddl::CreateIndex(_) | Ddl::CreateView(_) | Ddl::CreateSequence(_) => {
            "duplicate_table"
        }
        Ddl::CreateFunction(_) => "duplicate_function",
        Ddl::CreateSchema { .. } => "duplicate_schema",
        _ => "duplicate_object",
    }
}

fn undefined(ddl: &Ddl, why: &str) -> &'static str {
    match ddl {
        _ if why.starts_with("column") => "undefined_column",
        _ if why.starts_with("relation") => match ddl {
            Ddl::Drop(drop) if drop.kind == ObjectKind::Index => "undefined_object",
            _ => "undefined_table",
        },
        _ if why.starts_with("schema") => "invalid_schema_name",
        _ if why.starts_with("function") => "undefined_function",
        Ddl::AlterTable(alter)
            if alter.actions.iter().any(|(_, is)| matches!(is, Action::DropColumn { .. })) =>
        {
            "undefined_column"
        }
        _ => "undefined_object",
    }
}
