use super::Expr;
use crate::{ObjectName, Span};

/// `CREATE INDEX`.
#[derive(Clone, Debug, PartialEq)]
#[expect(clippy::struct_excessive_bools, reason = "each is a word of the statement or a mark of the catalog")]
pub struct CreateIndex {
    /// Its name; PostgreSQL makes one where none is given.
    pub name: Option<String>,
    /// On which table.
    pub table: ObjectName,
    /// `ON ONLY`.
    pub only: bool,
    /// `UNIQUE`.
    pub unique: bool,
    /// `CONCURRENTLY`.
    pub concurrently: bool,
    /// Where `INDEX` ends and `CONCURRENTLY` would stand.
    pub after_index: Span,
    /// `IF NOT EXISTS`.
    pub if_not_exists: bool,
    /// `USING`, `btree` where nothing is said.
    pub method: String,
    /// Of what.
    pub elements: Vec<IndexElement>,
    /// `INCLUDE`.
    pub include: Vec<String>,
    /// `WHERE`.
    pub predicate: Option<Expr>,
}

/// One element of an index.
#[derive(Clone, Debug, PartialEq)]
pub struct IndexElement {
    /// A column, or an expression.
    pub expr: Expr,
    /// `COLLATE`, or an operator class: not what the type has by itself.
    pub special: bool,
}

/// `REINDEX`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reindex {
    /// What is rebuilt.
    pub kind: ReindexKind,
    /// Which; `None` for the current database.
    pub name: Option<ObjectName>,
    /// `CONCURRENTLY`.
    pub concurrently: bool,
}

/// What `REINDEX` rebuilds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ReindexKind {
    /// One index.
    Index,
    /// All of a table.
    Table,
    /// All of a schema.
    Schema,
    /// All of the database.
    Database,
    /// All of the system's.
    System,
}
