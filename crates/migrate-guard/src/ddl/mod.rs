//! Statements as this crate sees them: small, owned, and free of the parser's types.
//!
//! The front end makes them; nothing else does. A clause that is not here changes neither a lock, nor work, nor a
//! contract. What could not be understood is said in [`Statement::opaque`], never dropped.

mod alter;
mod block;
mod body;
mod expr;
mod function;
mod index;
mod object;
mod outside;
mod query;
mod session;
mod table;
mod types;

use crate::Span;
pub use alter::{Action, AlterTable, ColumnAction, Firing};
pub use block::{Block, CatalogRows, Condition, Handler, Leave, Lookup, Step};
pub use body::Body;
pub use expr::{Call, Expr, Value};
pub use function::{CreateFunction, CreateTrigger, Language, Timing, TriggerEvent, Volatility};
pub use index::{CreateIndex, IndexElement, Reindex, ReindexKind};
pub use object::{
    AlterDomain, AlterEnum, Comment, CreateDomain, CreateSequence, CreateType, CreateView, DomainAction,
    Drop, Grant, ObjectKind, Rename, SetSchema, TypeBody,
};
pub use query::{Query, Read, RowLock, Rows, Verb};
pub use session::{LockTable, Maintenance, Setting, Transaction, Truncate};
pub use table::{
    Bound, Column, Constraint, ConstraintKind, CreateTable, Generated, Like, OnDelete, PartitionKind,
    Persistence,
};
pub use types::TypeRef;

/// One statement of a migration.
#[derive(Clone, Debug, PartialEq)]
pub struct Statement {
    /// Its bytes, from its first token to its last; the semicolon is not among them.
    pub span: Span,
    /// What it says.
    pub ddl: Ddl,
    /// What in it could not be understood: a syntax error, a statement of no known kind, a string that is run.
    pub opaque: Vec<Opaque>,
}

/// A part of a statement that could not be understood.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Opaque {
    /// Which bytes.
    pub span: Span,
    /// Why not.
    pub reason: OpaqueReason,
}

/// Why a part of a statement could not be understood.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum OpaqueReason {
    /// It is not SQL that the parser takes; its message.
    Syntax(String),
    /// A statement whose kind is not known here; its first words.
    UnknownStatement(String),
    /// SQL made at run time, as `EXECUTE format(…)` makes it.
    Dynamic,
    /// A body in a language other than SQL and PL/pgSQL; the language.
    Language(String),
    /// A function that no migration made is called for what it does; its name.
    Function(String),
    /// Nested deeper than is looked into.
    TooDeep,
    /// A template value that was not given; its name.
    Template(String),
    /// Something beside SQL that is not followed, in words: a command of psql, a condition of a template.
    LeftOut(String),
}

/// What a statement says.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum Ddl {
    /// `CREATE TABLE`, also `CREATE TABLE AS` and `SELECT INTO`.
    CreateTable(Box<CreateTable>),
    /// `ALTER TABLE`, and `ALTER INDEX | VIEW | MATERIALIZED VIEW | SEQUENCE | FOREIGN TABLE` where they take its actions.
    AlterTable(Box<AlterTable>),
    /// `CREATE INDEX`.
    CreateIndex(Box<CreateIndex>),
    /// `REINDEX`.
    Reindex(Reindex),
    /// `CREATE VIEW` and `CREATE MATERIALIZED VIEW`.
    CreateView(Box<CreateView>),
    /// `REFRESH MATERIALIZED VIEW`.
    RefreshView {
        /// Which.
        name: crate::ObjectName,
        /// `CONCURRENTLY`.
        concurrently: bool,
        /// Not `WITH NO DATA`.
        with_data: bool,
    },
    /// `CREATE FUNCTION` and `CREATE PROCEDURE`.
    CreateFunction(Box<CreateFunction>),
    /// `CREATE TRIGGER`.
    CreateTrigger(CreateTrigger),
    /// `CREATE TYPE`.
    CreateType(CreateType),
    /// `ALTER TYPE … ADD VALUE | RENAME VALUE`.
    AlterEnum(AlterEnum),
    /// `ALTER TYPE` of a composite type: its attributes change.
    AlterComposite {
        /// Which type.
        name: crate::ObjectName,
        /// `CASCADE`: tables made of the type change too.
        cascade: bool,
        /// What changes, said as of a table.
        actions: Vec<(Span, Action)>,
    },
    /// `CREATE DOMAIN`.
    CreateDomain(CreateDomain),
    /// `ALTER DOMAIN`.
    AlterDomain(AlterDomain),
    /// `CREATE SEQUENCE`.
    CreateSequence(CreateSequence),
    /// `ALTER SEQUENCE`, less what `AlterTable` and `Rename` say.
    AlterSequence {
        /// Which.
        name: crate::ObjectName,
        /// `OWNED BY table.column`; `None` where nothing is said of it.
        owned_by: Option<(crate::ObjectName, String)>,
        /// `OWNED BY NONE`.
        owned_by_none: bool,
    },
    /// `CREATE SCHEMA`, with the statements within.
    CreateSchema {
        /// Its name.
        name: String,
        /// `IF NOT EXISTS`.
        if_not_exists: bool,
        /// Statements within it.
        elements: Vec<Statement>,
    },
    /// `CREATE EXTENSION`.
    CreateExtension {
        /// Its name.
        name: String,
        /// `SCHEMA …`.
        schema: Option<String>,
    },
    /// `CREATE POLICY` (`true`) or `ALTER POLICY` (`false`) on a table.
    Policy {
        /// Its name.
        name: String,
        /// On which table.
        table: crate::ObjectName,
        /// Whether it is made new.
        create: bool,
        /// What it reads and calls.
        reads: Vec<Read>,
    },
    /// `CREATE RULE` on a table or view.
    CreateRule {
        /// Its name.
        name: String,
        /// On which table.
        table: crate::ObjectName,
        /// `OR REPLACE`.
        or_replace: bool,
        /// What its actions and its condition read or write.
        reads: Vec<Read>,
    },
    /// `CREATE STATISTICS` on tables.
    CreateStatistics {
        /// Its name.
        name: Option<crate::ObjectName>,
        /// On which tables.
        tables: Vec<crate::ObjectName>,
    },
    /// `CREATE | ALTER PUBLICATION` and the tables it names.
    Publication {
        /// `FOR ALL TABLES`.
        all: bool,
        /// The tables named.
        tables: Vec<crate::ObjectName>,
    },
    /// `DROP …`.
    Drop(Drop),
    /// `ALTER … RENAME`, of tables and columns too.
    Rename(Rename),
    /// `ALTER … SET SCHEMA`.
    SetSchema(SetSchema),
    /// `ALTER … OWNER TO`, of anything but a table.
    SetOwner {
        /// What kind.
        kind: ObjectKind,
        /// Which.
        name: crate::ObjectName,
    },
    /// `COMMENT ON`, `SECURITY LABEL ON`.
    Comment(Comment),
    /// `GRANT` and `REVOKE`.
    Grant(Grant),
    /// `SELECT`, `INSERT`, `UPDATE`, `DELETE`, `MERGE`, `VALUES`, `COPY`, and `EXPLAIN ANALYZE` of them.
    Query(Box<Query>),
    /// `CALL`.
    Call(Box<Query>),
    /// `DO`.
    Do(Box<Block>),
    /// `TRUNCATE`.
    Truncate(Truncate),
    /// `LOCK TABLE`.
    LockTable(LockTable),
    /// `VACUUM`, `ANALYZE`, `CLUSTER`.
    Maintenance(Maintenance),
    /// `SET`, `RESET`.
    Set(Setting),
    /// `BEGIN`, `COMMIT` and their kin.
    Transaction(Transaction),
    /// A statement that was understood, and that touches no relation: `NOTIFY`, `CREATE ROLE`, `DISCARD`. Its first words.
    Other(String),
    /// A statement that was not understood; [`Statement::opaque`] says why.
    Opaque,
}
