use super::{Constraint, Expr, Persistence, Query, TypeRef};
use crate::{ObjectName, Span};

/// A kind of object.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ObjectKind {
    /// A table, partitioned or not.
    Table,
    /// A foreign table.
    ForeignTable,
    /// A view.
    View,
    /// A materialized view.
    MaterializedView,
    /// An index.
    Index,
    /// A sequence.
    Sequence,
    /// A column.
    Column,
    /// A constraint of a table.
    Constraint,
    /// A constraint of a domain.
    DomainConstraint,
    /// A type.
    Type,
    /// An attribute of a composite type.
    Attribute,
    /// A domain.
    Domain,
    /// A function, procedure, routine or aggregate.
    Function,
    /// A trigger of a table.
    Trigger,
    /// A policy of a table.
    Policy,
    /// A rule of a table.
    Rule,
    /// A schema.
    Schema,
    /// An extension.
    Extension,
    /// Extended statistics.
    Statistics,
    /// A publication.
    Publication,
    /// Anything else: a role, an operator, a cast, a collation, a server.
    Other,
}

/// `DROP …`.
#[derive(Clone, Debug, PartialEq)]
pub struct Drop {
    /// What kind.
    pub kind: ObjectKind,
    /// Which; functions without their arguments.
    pub names: Vec<(Span, ObjectName)>,
    /// The table of a trigger, policy or rule.
    pub on: Option<ObjectName>,
    /// `IF EXISTS`.
    pub if_exists: bool,
    /// `CASCADE`.
    pub cascade: bool,
    /// `CONCURRENTLY`.
    pub concurrently: bool,
    /// The arguments of each function, where they are given, those that only go out left out.
    pub arguments: Vec<Option<Vec<TypeRef>>>,
}

/// `ALTER … RENAME`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rename {
    /// What kind is renamed: of `ALTER TABLE … RENAME COLUMN`, a column.
    pub kind: ObjectKind,
    /// Which, by its old name.
    pub name: ObjectName,
    /// What it belongs to: the table of a column, constraint or trigger, the type of an attribute.
    pub on: Option<ObjectName>,
    /// What kind that is, as the statement calls it; `Table` may be a view or an index all the same.
    pub on_kind: ObjectKind,
    /// Its new name.
    pub to: String,
    /// `IF EXISTS`.
    pub if_exists: bool,
    /// The arguments of a function, where they are given, those that only go out left out.
    pub arguments: Option<Vec<TypeRef>>,
}

/// `ALTER … SET SCHEMA`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SetSchema {
    /// What kind.
    pub kind: ObjectKind,
    /// Which.
    pub name: ObjectName,
    /// Its new schema.
    pub schema: String,
    /// `IF EXISTS`.
    pub if_exists: bool,
    /// The arguments of a function, where they are given, those that only go out left out.
    pub arguments: Option<Vec<TypeRef>>,
}

/// `CREATE VIEW`, `CREATE MATERIALIZED VIEW`.
#[derive(Clone, Debug, PartialEq)]
#[expect(clippy::struct_excessive_bools, reason = "each is a word of the statement or a mark of the catalog")]
pub struct CreateView {
    /// Its name.
    pub name: ObjectName,
    /// `OR REPLACE`.
    pub or_replace: bool,
    /// `IF NOT EXISTS`.
    pub if_not_exists: bool,
    /// `MATERIALIZED`.
    pub materialized: bool,
    /// How long it lives.
    pub persistence: Persistence,
    /// Not `WITH NO DATA`.
    pub with_data: bool,
    /// Of what.
    pub query: Query,
    /// The columns it names, by their last part; `None` where queries within it have columns of their own.
    pub columns: Option<Vec<String>>,
}

/// `CREATE TYPE`.
#[derive(Clone, Debug, PartialEq)]
pub struct CreateType {
    /// Its name.
    pub name: ObjectName,
    /// What it is.
    pub body: TypeBody,
}

/// What a type is.
#[derive(Clone, Debug, PartialEq)]
pub enum TypeBody {
    /// Its labels, in order.
    Enum(Vec<String>),
    /// Its attributes.
    Composite(Vec<(String, TypeRef)>),
    /// Over which type.
    Range(Option<TypeRef>),
    /// A base type or a shell.
    Base,
}

/// `ALTER TYPE … ADD VALUE | RENAME VALUE`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum AlterEnum {
    /// `ADD VALUE`.
    Add {
        /// Of which type.
        name: ObjectName,
        /// The new label.
        value: String,
        /// `IF NOT EXISTS`.
        if_not_exists: bool,
    },
    /// `RENAME VALUE`.
    Rename {
        /// Of which type.
        name: ObjectName,
        /// The old label.
        from: String,
        /// The new one.
        to: String,
    },
}

/// `CREATE DOMAIN`.
#[derive(Clone, Debug, PartialEq)]
pub struct CreateDomain {
    /// Its name.
    pub name: ObjectName,
    /// Over which type.
    pub base: TypeRef,
    /// `NOT NULL`.
    pub not_null: bool,
    /// `DEFAULT`.
    pub default: Option<Expr>,
    /// Its checks.
    pub constraints: Vec<Constraint>,
}

/// `ALTER DOMAIN`.
#[derive(Clone, Debug, PartialEq)]
pub struct AlterDomain {
    /// Which.
    pub name: ObjectName,
    /// What is done.
    pub action: DomainAction,
}

/// What is done to a domain.
#[derive(Clone, Debug, PartialEq)]
pub enum DomainAction {
    /// `SET DEFAULT`, `DROP DEFAULT`.
    Default(Option<Expr>),
    /// `SET NOT NULL`.
    SetNotNull,
    /// `DROP NOT NULL`.
    DropNotNull,
    /// `ADD constraint`.
    AddConstraint(Constraint),
    /// `DROP CONSTRAINT`.
    DropConstraint(String),
    /// `VALIDATE CONSTRAINT`.
    ValidateConstraint(String),
    /// `OWNER TO`.
    Owner,
}

/// `CREATE SEQUENCE`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CreateSequence {
    /// Its name.
    pub name: ObjectName,
    /// `IF NOT EXISTS`.
    pub if_not_exists: bool,
    /// `OWNED BY table.column`.
    pub owned_by: Option<(ObjectName, String)>,
}

/// `COMMENT ON`, `SECURITY LABEL ON`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Comment {
    /// On what kind.
    pub kind: ObjectKind,
    /// On which; of a column, constraint, trigger or policy: on which table.
    pub name: ObjectName,
}

/// `GRANT`, `REVOKE`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Grant {
    /// `REVOKE`.
    pub revoke: bool,
    /// The tables named.
    pub tables: Vec<ObjectName>,
    /// `ALL TABLES IN SCHEMA`.
    pub schemas: Vec<String>,
}
