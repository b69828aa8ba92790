use super::{Call, Expr};
use crate::{ObjectName, Span};

/// A statement that reads or writes rows.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Query {
    /// Its bytes.
    pub span: Span,
    /// What it does.
    pub verb: Verb,
    /// The relation it writes to, of `COPY` also the one it reads.
    pub target: Option<ObjectName>,
    /// `ONLY` before the target.
    pub target_only: bool,
    /// The relations it reads, CTEs and aliases left out; the target is not among them unless it is read once more.
    pub reads: Vec<Read>,
    /// The functions it calls.
    pub calls: Vec<Call>,
    /// The columns it writes, where it names them.
    pub columns: Vec<String>,
    /// The rows of an `INSERT`.
    pub rows: Rows,
    /// Its outermost `WHERE`.
    pub filter: Option<Expr>,
    /// `LIMIT`, `FETCH`.
    pub limited: bool,
    /// `ON CONFLICT`; whether it updates.
    pub on_conflict: Option<bool>,
    /// `SELECT *` or `RETURNING *`.
    pub star: bool,
    /// Writes within its `WITH`.
    pub with: Vec<Query>,
    /// What is selected, where there is one item and nothing is read: a call of a function, say.
    pub only: Option<Box<Expr>>,
}

/// What a query does.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Verb {
    /// `SELECT`, `VALUES`, `TABLE`.
    #[default]
    Select,
    /// `INSERT`.
    Insert,
    /// `UPDATE`.
    Update,
    /// `DELETE`.
    Delete,
    /// `MERGE`.
    Merge,
    /// `COPY … FROM`.
    CopyFrom,
    /// `COPY … TO`.
    CopyTo,
}

/// A relation that is read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Read {
    /// Which.
    pub name: ObjectName,
    /// Where its name stands.
    pub span: Span,
    /// `FOR UPDATE` and its kin.
    pub lock: Option<RowLock>,
    /// `ONLY`.
    pub only: bool,
}

/// How rows that are read are locked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RowLock {
    /// `FOR UPDATE`, `FOR NO KEY UPDATE`.
    Update,
    /// `FOR SHARE`, `FOR KEY SHARE`.
    Share,
}

/// Which rows an `INSERT` writes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Rows {
    /// It is no `INSERT`.
    #[default]
    None,
    /// `VALUES` with so many rows; `DEFAULT VALUES` is one.
    Values(usize),
    /// Those of a query.
    Query,
}
