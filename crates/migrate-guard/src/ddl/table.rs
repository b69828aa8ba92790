use super::{Expr, IndexElement, Query, TypeRef};
use crate::{ObjectName, Span};

/// `CREATE TABLE`, `CREATE FOREIGN TABLE`, `CREATE TABLE AS`, `SELECT INTO`.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct CreateTable {
    /// Its name.
    pub name: ObjectName,
    /// Where the name stands.
    pub name_span: Span,
    /// `IF NOT EXISTS`.
    pub if_not_exists: bool,
    /// How long it lives.
    pub persistence: Persistence,
    /// `CREATE FOREIGN TABLE`.
    pub foreign: bool,
    /// Its columns.
    pub columns: Vec<Column>,
    /// Its constraints, less those that stand at a column.
    pub constraints: Vec<Constraint>,
    /// `LIKE`.
    pub likes: Vec<Like>,
    /// `OF type`.
    pub of_type: Option<ObjectName>,
    /// `INHERITS`.
    pub inherits: Vec<ObjectName>,
    /// `PARTITION BY`.
    pub partition_by: Option<PartitionKind>,
    /// `PARTITION OF parent`, and for which values.
    pub partition_of: Option<(ObjectName, Bound)>,
    /// `AS query`.
    pub query: Option<Box<Query>>,
    /// Not `WITH NO DATA`.
    pub with_data: bool,
}

/// How long a relation lives, and what is logged of it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Persistence {
    /// As any.
    #[default]
    Permanent,
    /// `TEMPORARY`: seen by this session only.
    Temporary,
    /// `UNLOGGED`.
    Unlogged,
}

/// How a table is partitioned.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PartitionKind {
    /// `range`, `list` or `hash`.
    pub method: String,
    /// The columns of the key; an expression is an empty string.
    pub columns: Vec<String>,
}

/// For which values a partition is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Bound {
    /// `DEFAULT`.
    Default,
    /// `FOR VALUES …`, as written, white space folded.
    Values(String),
}

/// `LIKE source INCLUDING …`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Like {
    /// Which table it is made like.
    pub source: ObjectName,
    /// Defaults, constraints, indexes, identity, generated: what is included, in lower case, `all` among them.
    pub including: Vec<String>,
    /// What is excluded again.
    pub excluding: Vec<String>,
    /// How many columns of the statement stand before it.
    pub after_columns: usize,
}

/// A column that is made.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Column {
    /// Its bytes, constraints included.
    pub span: Span,
    /// Its name.
    pub name: String,
    /// Its type; `None` in `PARTITION OF` and `OF type`.
    pub ty: Option<TypeRef>,
    /// `COLLATE`.
    pub collation: Option<ObjectName>,
    /// `NOT NULL`, where it stands.
    pub not_null: Option<Span>,
    /// `DEFAULT`.
    pub default: Option<Expr>,
    /// `GENERATED … AS IDENTITY`.
    pub identity: bool,
    /// `GENERATED ALWAYS AS (…)`.
    pub generated: Option<Generated>,
    /// `PRIMARY KEY`, `UNIQUE`, `CHECK` and `REFERENCES` that stand at the column, with the column filled in.
    pub constraints: Vec<Constraint>,
}

/// How a generated column is made.
#[derive(Clone, Debug, PartialEq)]
pub struct Generated {
    /// Of what.
    pub expr: Expr,
    /// `STORED`; otherwise `VIRTUAL`, which is the default from PostgreSQL 18 on.
    pub stored: bool,
}

/// A constraint.
#[derive(Clone, Debug, PartialEq)]
#[expect(clippy::struct_excessive_bools, reason = "each is a word of the statement or a mark of the catalog")]
pub struct Constraint {
    /// Its bytes.
    pub span: Span,
    /// `CONSTRAINT name`.
    pub name: Option<String>,
    /// What it asks.
    pub kind: ConstraintKind,
    /// `NOT VALID`.
    pub not_valid: bool,
    /// Not `NOT ENFORCED`.
    pub enforced: bool,
    /// `NO INHERIT`.
    pub no_inherit: bool,
    /// `INITIALLY DEFERRED`.
    pub deferred: bool,
    /// `INCLUDE`, of a key.
    pub include: Vec<String>,
}

/// What a constraint asks.
#[derive(Clone, Debug, PartialEq)]
pub enum ConstraintKind {
    /// `PRIMARY KEY`.
    Primary {
        /// Its columns, in order; empty with an index.
        columns: Vec<String>,
        /// `USING INDEX`.
        index: Option<String>,
    },
    /// `UNIQUE`.
    Unique {
        /// Its columns, in order; empty with an index.
        columns: Vec<String>,
        /// `USING INDEX`.
        index: Option<String>,
    },
    /// `FOREIGN KEY` and `REFERENCES`.
    Foreign {
        /// Its own columns.
        columns: Vec<String>,
        /// The referenced table.
        references: ObjectName,
        /// The referenced columns; empty for the primary key.
        referenced: Vec<String>,
        /// `ON DELETE`.
        on_delete: OnDelete,
        /// `ON UPDATE`.
        on_update: OnDelete,
    },
    /// `CHECK`.
    Check(Expr),
    /// `EXCLUDE`.
    Exclude {
        /// The columns of its elements; an expression is left out.
        columns: Vec<String>,
        /// Its elements, expressions too.
        elements: Vec<IndexElement>,
        /// `USING`, `btree` where nothing is said.
        method: String,
    },
    /// `NOT NULL column`, as a table's constraint (PostgreSQL 18).
    NotNull {
        /// Which column.
        column: String,
    },
}

/// What happens to a row whose referenced row goes away or changes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum OnDelete {
    /// `NO ACTION`.
    #[default]
    NoAction,
    /// `RESTRICT`.
    Restrict,
    /// `CASCADE`.
    Cascade,
    /// `SET NULL`.
    SetNull,
    /// `SET DEFAULT`.
    SetDefault,
}
