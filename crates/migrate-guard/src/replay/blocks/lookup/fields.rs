use crate::catalog::Relation;
use crate::claim::RelationKind;
use crate::ddl::Persistence;
use crate::replay::blocks::strings::identifier;
use crate::{ObjectName, QualifiedName};

/// A row of a system catalog, as far as it can be made up from what was replayed.
pub(super) trait Row {
    /// Whether its column has that value, if that is known.
    fn is(&self, column: &str, value: &str) -> Option<bool>;
    /// The columns that a loop may ask for, with their values.
    fn values(&self) -> Vec<(&'static str, String)>;
}

/// The columns of a relation that a loop may ask for.
pub(super) fn values_of(relation: &Relation) -> Vec<(&'static str, String)> {
    let QualifiedName { schema, name } = &relation.name;
    let full = registered(&relation.name);
    let names =
        ["relname", "tablename", "table_name", "event_object_table"].map(|column| (column, name.clone()));
    let schemas =
        ["nspname", "schemaname", "table_schema", "constraint_schema"].map(|column| (column, schema.clone()));
    let numbers = ["oid", "conrelid", "attrelid", "tgrelid", "polrelid", "indrelid"]
        .map(|column| (column, full.clone()));
    let kind = kinds(relation).first().map(|kind| ("relkind", (*kind).to_owned()));
    names.into_iter().chain(schemas).chain(numbers).chain(kind).collect()
}

/// A name as `regclass` shows it: with its schema unless that is `public`, and in quotes where it needs them.
pub(super) fn registered(name: &QualifiedName) -> String {
    let own = identifier(&name.name);
    if name.schema == "public" { own } else { format!("{}.{own}", identifier(&name.schema)) }
}

/// Whether a name, perhaps with its schema and in quotes as `regclass` takes it, is that of an object.
pub(super) fn names(value: &str, object: &QualifiedName) -> bool {
    let stays = |byte: u8| byte.is_ascii() && !byte.is_ascii_uppercase() && !matches!(byte, b'"' | b'.');
    if value.bytes().all(stays) {
        return value == object.name;
    }
    let parsed = parse(value);
    parsed.name == object.name && parsed.schema.is_none_or(|schema| schema == object.schema)
}

/// A name as `regclass` takes it.
pub(super) fn parse(value: &str) -> ObjectName {
    let mut parts: Vec<String> = Vec::new();
    let mut part = String::new();
    let mut quoted = false;
    for c in value.chars() {
        match c {
            '"' => quoted = !quoted,
            '.' if !quoted => parts.push(std::mem::take(&mut part)),
            _ if quoted => part.push(c),
            _ => part.extend(c.to_lowercase()),
        }
    }
    let schema = parts.pop();
    ObjectName { schema, name: part }
}

/// A truth value as SQL spells it, in one of several ways.
pub(super) fn truth(value: &str, is: bool) -> Option<bool> {
    match value.to_ascii_lowercase().as_str() {
        "t" | "true" | "yes" | "on" | "1" => Some(is),
        "f" | "false" | "no" | "off" | "0" => Some(!is),
        _ => None,
    }
}

/// The columns that every question about a relation may have, whatever it is about: its name, its schema, its kind.
pub(super) fn of_relation(relation: &Relation, column: &str, value: &str) -> Option<bool> {
    match column {
        "relname" | "tablename" | "table_name" | "event_object_table" => Some(relation.name.name == value),
        "nspname"
        | "schemaname"
        | "table_schema"
        | "constraint_schema"
        | "event_object_schema"
        | "schema_name" => Some(relation.name.schema == value),
        "conrelid" | "attrelid" | "tgrelid" | "polrelid" | "indrelid" | "oid" => {
            Some(names(value, &relation.name))
        }
        "relnamespace" | "connamespace" => Some(parse(value).name == relation.name.schema),
        "relkind" => Some(kinds(relation).contains(&value)),
        "table_type" => Some(table_type(relation) == value),
        "relpersistence" => Some(persistence(relation) == value),
        "relrowsecurity" | "rowsecurity" => truth(value, relation.row_security),
        "relispartition" => truth(value, relation.partition_of.is_some()),
        _ => None,
    }
}

fn kinds(relation: &Relation) -> &'static [&'static str] {
    let part = relation.index.as_ref().is_some_and(|_| relation.partition_by.is_some());
    match relation.kind {
        RelationKind::Table => &["r"],
        RelationKind::Partitioned => &["p"],
        RelationKind::Foreign => &["f"],
        RelationKind::View => &["v"],
        RelationKind::MaterializedView => &["m"],
        RelationKind::Index if part => &["I"],
        RelationKind::Index => &["i"],
        RelationKind::Sequence => &["S"],
        RelationKind::Composite => &["c"],
    }
}

fn table_type(relation: &Relation) -> &'static str {
    match relation.kind {
        RelationKind::View => "VIEW",
        RelationKind::Foreign => "FOREIGN",
        _ if relation.persistence == Persistence::Temporary => "LOCAL TEMPORARY",
        _ => "BASE TABLE",
    }
}

fn persistence(relation: &Relation) -> &'static str {
    match relation.persistence {
        Persistence::Permanent => "p",
        Persistence::Temporary => "t",
        Persistence::Unlogged => "u",
    }
}
