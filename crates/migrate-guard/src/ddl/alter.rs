use super::{Bound, Column, Constraint, Expr, ObjectKind, TypeRef};
use crate::{ObjectName, Span};

/// `ALTER TABLE`, and what speaks like it.
#[derive(Clone, Debug, PartialEq)]
pub struct AlterTable {
    /// What is altered, as the statement calls it: a table, index, view, materialized view, sequence, foreign table.
    pub kind: ObjectKind,
    /// Which.
    pub name: ObjectName,
    /// Where the name stands.
    pub name_span: Span,
    /// `IF EXISTS`.
    pub if_exists: bool,
    /// `ONLY`.
    pub only: bool,
    /// What is done, in order, each with its bytes.
    pub actions: Vec<(Span, Action)>,
}

/// One action of `ALTER TABLE`. Renames are [`super::Rename`], `SET SCHEMA` is [`super::SetSchema`].
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum Action {
    /// `ADD COLUMN`.
    AddColumn {
        /// The column.
        column: Box<Column>,
        /// `IF NOT EXISTS`.
        if_not_exists: bool,
    },
    /// `DROP COLUMN`.
    DropColumn {
        /// Which.
        name: String,
        /// `IF EXISTS`.
        if_exists: bool,
        /// `CASCADE`.
        cascade: bool,
    },
    /// `ALTER COLUMN …`.
    Column {
        /// Which.
        name: String,
        /// What is done to it.
        action: ColumnAction,
    },
    /// `ADD CONSTRAINT`.
    AddConstraint(Constraint),
    /// `VALIDATE CONSTRAINT`.
    ValidateConstraint(String),
    /// `DROP CONSTRAINT`.
    DropConstraint {
        /// Which.
        name: String,
        /// `IF EXISTS`.
        if_exists: bool,
        /// `CASCADE`.
        cascade: bool,
    },
    /// `ALTER CONSTRAINT`.
    AlterConstraint(String),
    /// `OWNER TO`.
    Owner,
    /// `ENABLE | DISABLE TRIGGER`; `None` for `ALL` and `USER`.
    Trigger {
        /// Which.
        name: Option<String>,
        /// Whether it fires from now on.
        firing: Firing,
    },
    /// `ENABLE | DISABLE RULE`.
    Rule(String),
    /// `ENABLE | DISABLE | FORCE | NO FORCE ROW LEVEL SECURITY`; whether it is on from now on, if that changes.
    RowSecurity(Option<bool>),
    /// `CLUSTER ON`, `SET WITHOUT CLUSTER`.
    ClusterOn,
    /// `SET LOGGED` (`true`), `SET UNLOGGED`.
    SetLogged(bool),
    /// `SET TABLESPACE`.
    SetTablespace,
    /// `SET ACCESS METHOD`.
    SetAccessMethod(String),
    /// `SET (…)`, `RESET (…)`: the names of the storage parameters, in lower case.
    Parameters(Vec<String>),
    /// `INHERIT`.
    Inherit(ObjectName),
    /// `NO INHERIT`.
    NoInherit(ObjectName),
    /// `ATTACH PARTITION`.
    Attach {
        /// Which table, or which index.
        child: ObjectName,
        /// For which values; `None` for an index.
        bound: Option<Bound>,
    },
    /// `DETACH PARTITION`.
    Detach {
        /// Which.
        child: ObjectName,
        /// `CONCURRENTLY`.
        concurrently: bool,
        /// `FINALIZE`.
        finalize: bool,
    },
    /// `SPLIT PARTITION`, `MERGE PARTITIONS` (PostgreSQL 19).
    Repartition(Vec<ObjectName>),
    /// `REPLICA IDENTITY`; the index, with `USING INDEX`.
    ReplicaIdentity(Option<String>),
    /// `OF type`, `NOT OF`.
    OfType(Option<ObjectName>),
    /// Anything else, by its first words. [`super::Statement::opaque`] names it too, if it was not understood.
    Other(String),
}

/// What is done to a column that exists.
#[derive(Clone, Debug, PartialEq)]
pub enum ColumnAction {
    /// `TYPE`.
    Type {
        /// To which type.
        ty: TypeRef,
        /// `COLLATE`.
        collation: Option<ObjectName>,
        /// `USING`.
        using: Option<Expr>,
    },
    /// `SET DEFAULT`.
    SetDefault(Expr),
    /// `DROP DEFAULT`.
    DropDefault,
    /// `SET NOT NULL`.
    SetNotNull,
    /// `DROP NOT NULL`.
    DropNotNull,
    /// `ADD GENERATED … AS IDENTITY`.
    AddIdentity,
    /// `SET GENERATED`, `RESTART` and so on.
    SetIdentity,
    /// `DROP IDENTITY`.
    DropIdentity,
    /// `SET EXPRESSION` (PostgreSQL 17).
    SetExpression(Expr),
    /// `DROP EXPRESSION`.
    DropExpression,
    /// `SET STATISTICS`.
    SetStatistics,
    /// `SET (…)`, `RESET (…)`.
    SetOptions,
    /// `SET STORAGE`.
    SetStorage,
    /// `SET COMPRESSION`.
    SetCompression,
}

/// When a trigger fires.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Firing {
    /// `ENABLE`.
    On,
    /// `DISABLE`.
    Off,
    /// `ENABLE REPLICA`.
    Replica,
    /// `ENABLE ALWAYS`.
    Always,
}
