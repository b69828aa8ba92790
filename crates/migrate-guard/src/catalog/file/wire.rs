//! The shapes of the file, without logic. A key that is not here is an error.

use serde::{Deserialize, Serialize};

use super::{CatalogError, FORMAT};
use crate::claim::RelationKind;

#[derive(Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct File {
    pub(super) format: String,
    #[serde(default, skip_serializing_if = "is_default")]
    pub(super) server: u32,
    #[serde(default, skip_serializing_if = "is_default")]
    pub(super) schemas: Vec<String>,
    #[serde(default, skip_serializing_if = "is_default")]
    pub(super) extensions: Vec<Extension>,
    #[serde(default, skip_serializing_if = "is_default")]
    pub(super) types: Vec<Type>,
    #[serde(default, skip_serializing_if = "is_default")]
    pub(super) functions: Vec<Function>,
    #[serde(default, skip_serializing_if = "is_default")]
    pub(super) relations: Vec<Relation>,
}

#[derive(Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Extension {
    pub(super) name: String,
    #[serde(default, skip_serializing_if = "is_default")]
    pub(super) schema: Option<String>,
}

#[derive(Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Type {
    pub(super) name: String,
    pub(super) kind: TypeKind,
    /// The extension it belongs to.
    #[serde(default, skip_serializing_if = "is_default")]
    pub(super) extension: Option<String>,
    #[serde(default, skip_serializing_if = "is_default")]
    pub(super) labels: Vec<String>,
    /// The type a domain or a range is over.
    #[serde(default, skip_serializing_if = "is_default")]
    pub(super) over: Option<String>,
    #[serde(default, skip_serializing_if = "is_default")]
    pub(super) not_null: bool,
    #[serde(default, skip_serializing_if = "is_default")]
    pub(super) default: Option<String>,
    #[serde(default, skip_serializing_if = "is_default")]
    pub(super) constraints: Vec<DomainConstraint>,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum TypeKind {
    #[default]
    Base,
    Enum,
    Domain,
    Range,
}

#[derive(Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct DomainConstraint {
    pub(super) name: String,
    #[serde(default = "yes", skip_serializing_if = "is_yes")]
    pub(super) valid: bool,
}

#[derive(Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Function {
    pub(super) name: String,
    #[serde(default, skip_serializing_if = "is_default")]
    pub(super) extension: Option<String>,
    #[serde(default, skip_serializing_if = "is_default")]
    pub(super) arguments: Vec<String>,
    #[serde(default, skip_serializing_if = "is_default")]
    pub(super) argument_names: Vec<String>,
    #[serde(default, skip_serializing_if = "is_default")]
    pub(super) returns: Option<String>,
    pub(super) volatility: Volatility,
    pub(super) language: String,
    /// The text of its body, in SQL or PL/pgSQL.
    #[serde(default, skip_serializing_if = "is_default")]
    pub(super) source: Option<String>,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum Volatility {
    Immutable,
    Stable,
    #[default]
    Volatile,
}

#[derive(Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(clippy::struct_excessive_bools, reason = "each is a key of the file")]
pub(super) struct Relation {
    pub(super) name: String,
    pub(super) kind: RelationKind,
    #[serde(default, skip_serializing_if = "is_default")]
    pub(super) persistence: Persistence,
    #[serde(default, skip_serializing_if = "is_default")]
    pub(super) extension: Option<String>,
    /// Not all of it is known.
    #[serde(default, skip_serializing_if = "is_default")]
    pub(super) incomplete: bool,
    #[serde(default, skip_serializing_if = "is_default")]
    pub(super) columns: Vec<Column>,
    #[serde(default, skip_serializing_if = "is_default")]
    pub(super) constraints: Vec<Constraint>,
    #[serde(default, skip_serializing_if = "is_default")]
    pub(super) index: Option<Index>,
    #[serde(default, skip_serializing_if = "is_default")]
    pub(super) triggers: Vec<Trigger>,
    #[serde(default, skip_serializing_if = "is_default")]
    pub(super) policies: Vec<String>,
    #[serde(default, skip_serializing_if = "is_default")]
    pub(super) rules: Vec<String>,
    #[serde(default, skip_serializing_if = "is_default")]
    pub(super) row_security: bool,
    #[serde(default, skip_serializing_if = "is_default")]
    pub(super) partition_by: Option<PartitionBy>,
    #[serde(default, skip_serializing_if = "is_default")]
    pub(super) partition_of: Option<String>,
    #[serde(default, skip_serializing_if = "is_default")]
    pub(super) default_partition: bool,
    #[serde(default, skip_serializing_if = "is_default")]
    pub(super) inherits: Vec<String>,
    #[serde(default, skip_serializing_if = "is_default")]
    pub(super) reads: Vec<String>,
    #[serde(default, skip_serializing_if = "is_default")]
    pub(super) owned_by: Option<Owner>,
    #[serde(default, skip_serializing_if = "is_default")]
    pub(super) of_identity: bool,
    #[serde(default, skip_serializing_if = "is_default")]
    pub(super) of_type: Option<String>,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum Persistence {
    #[default]
    Permanent,
    Unlogged,
}

#[derive(Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(clippy::struct_excessive_bools, reason = "each is a key of the file")]
pub(super) struct Column {
    pub(super) name: String,
    #[serde(default, rename = "type", skip_serializing_if = "is_default")]
    pub(super) ty: Option<String>,
    #[serde(default, skip_serializing_if = "is_default")]
    pub(super) collation: Option<String>,
    #[serde(default, skip_serializing_if = "is_default")]
    pub(super) not_null: bool,
    #[serde(default, skip_serializing_if = "is_default")]
    pub(super) default: Option<String>,
    /// The sequences that the default draws from.
    #[serde(default, skip_serializing_if = "is_default")]
    pub(super) sequences: Vec<String>,
    #[serde(default, skip_serializing_if = "is_default")]
    pub(super) identity: bool,
    #[serde(default, skip_serializing_if = "is_default")]
    pub(super) generated: Option<Generated>,
    #[serde(default, skip_serializing_if = "is_default")]
    pub(super) made_of: Vec<String>,
    #[serde(default, skip_serializing_if = "is_default")]
    pub(super) inherited: bool,
    #[serde(default = "yes", skip_serializing_if = "is_yes")]
    pub(super) local: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum Generated {
    Stored,
    Virtual,
}

#[derive(Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(clippy::struct_excessive_bools, reason = "each is a key of the file")]
pub(super) struct Constraint {
    pub(super) name: String,
    pub(super) kind: ConstraintKind,
    #[serde(default, skip_serializing_if = "is_default")]
    pub(super) columns: Vec<String>,
    /// What a check asks.
    #[serde(default, skip_serializing_if = "is_default")]
    pub(super) text: Option<String>,
    /// The index of a key, or the one of the referenced table that a foreign key rests on.
    #[serde(default, skip_serializing_if = "is_default")]
    pub(super) index: Option<String>,
    #[serde(default, skip_serializing_if = "is_default")]
    pub(super) references: Option<String>,
    #[serde(default, skip_serializing_if = "is_default")]
    pub(super) referenced: Vec<String>,
    #[serde(default, skip_serializing_if = "is_default")]
    pub(super) on_delete: OnDelete,
    #[serde(default, skip_serializing_if = "is_default")]
    pub(super) on_update: OnDelete,
    #[serde(default = "yes", skip_serializing_if = "is_yes")]
    pub(super) valid: bool,
    #[serde(default = "yes", skip_serializing_if = "is_yes")]
    pub(super) enforced: bool,
    #[serde(default, skip_serializing_if = "is_default")]
    pub(super) inherited: bool,
    #[serde(default = "yes", skip_serializing_if = "is_yes")]
    pub(super) local: bool,
    #[serde(default, skip_serializing_if = "is_default")]
    pub(super) no_inherit: bool,
    /// The constraint of the partitioned table that it is part of.
    #[serde(default, skip_serializing_if = "is_default")]
    pub(super) part_of: Option<String>,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum ConstraintKind {
    PrimaryKey,
    Unique,
    ForeignKey,
    #[default]
    Check,
    Exclude,
    NotNull,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum OnDelete {
    #[default]
    NoAction,
    Restrict,
    Cascade,
    SetNull,
    SetDefault,
}

#[derive(Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(clippy::struct_excessive_bools, reason = "each is a key of the file")]
pub(super) struct Index {
    pub(super) table: String,
    #[serde(default, skip_serializing_if = "is_default")]
    pub(super) unique: bool,
    #[serde(default, skip_serializing_if = "is_default")]
    pub(super) primary: bool,
    #[serde(default, skip_serializing_if = "is_default")]
    pub(super) constraint: bool,
    pub(super) method: String,
    #[serde(default)]
    pub(super) columns: Vec<Option<String>>,
    #[serde(default, skip_serializing_if = "is_default")]
    pub(super) include: Vec<String>,
    #[serde(default, skip_serializing_if = "is_default")]
    pub(super) labels: Vec<String>,
    #[serde(default, skip_serializing_if = "is_default")]
    pub(super) expressions: Vec<String>,
    #[serde(default, skip_serializing_if = "is_default")]
    pub(super) predicate: Option<String>,
    #[serde(default, skip_serializing_if = "is_default")]
    pub(super) special: Vec<bool>,
    #[serde(default = "yes", skip_serializing_if = "is_yes")]
    pub(super) valid: bool,
    #[serde(default, skip_serializing_if = "is_default")]
    pub(super) part_of: Option<String>,
}

#[derive(Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Trigger {
    pub(super) name: String,
    pub(super) function: String,
    pub(super) events: Vec<Event>,
    /// Of `UPDATE OF`.
    #[serde(default, skip_serializing_if = "is_default")]
    pub(super) columns: Vec<String>,
    pub(super) timing: Timing,
    #[serde(default, skip_serializing_if = "is_default")]
    pub(super) each_row: bool,
    #[serde(default = "yes", skip_serializing_if = "is_yes")]
    pub(super) enabled: bool,
    #[serde(default, skip_serializing_if = "is_default")]
    pub(super) inherited: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum Event {
    Insert,
    Delete,
    Update,
    Truncate,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum Timing {
    Before,
    After,
    InsteadOf,
}

#[derive(Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct PartitionBy {
    pub(super) method: String,
    #[serde(default)]
    pub(super) columns: Vec<String>,
}

#[derive(Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Owner {
    pub(super) table: String,
    pub(super) column: String,
}

/// Only the version, whatever else there is.
#[derive(Deserialize)]
struct Head {
    format: String,
}

/// The version is looked at first: what a later one may say is not an error of this one's.
pub(super) fn parse(json: &str) -> Result<File, CatalogError> {
    let json = json.trim_start_matches('\u{feff}');
    let head: Head = serde_json::from_str(json).map_err(|error| refused(&error))?;
    if head.format != FORMAT {
        return Err(CatalogError::Format(head.format));
    }
    serde_json::from_str(json).map_err(|error| refused(&error))
}

pub(super) fn print(file: &File) -> String {
    let mut json = serde_json::to_string_pretty(file).unwrap_or_default();
    json.push('\n');
    json
}

fn refused(error: &serde_json::Error) -> CatalogError {
    if error.is_eof() {
        return CatalogError::Truncated { line: error.line(), column: error.column() };
    }
    CatalogError::Malformed(error.to_string())
}

fn is_default<T: Default + PartialEq>(value: &T) -> bool {
    *value == T::default()
}

fn yes() -> bool {
    true
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde asks so")]
fn is_yes(value: &bool) -> bool {
    *value
}
