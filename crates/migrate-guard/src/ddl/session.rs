use crate::{Lock, ObjectName};

/// `SET`, `RESET`, and `SELECT set_config(…)` at the top level.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Setting {
    /// `LOCAL`.
    pub local: bool,
    /// Which, in lower case: `lock_timeout`, `search_path`, `timezone`.
    pub name: String,
    /// To what, quotes taken off, several joined by `, `; `None` for `DEFAULT` and `RESET`.
    pub value: Option<String>,
}

/// `BEGIN` and its kin.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Transaction {
    /// `BEGIN`, `START TRANSACTION`.
    Begin,
    /// `COMMIT`, `END`.
    Commit,
    /// `ROLLBACK`, `ABORT`.
    Rollback,
    /// `SAVEPOINT`.
    Savepoint(String),
    /// `RELEASE SAVEPOINT`.
    Release(String),
    /// `ROLLBACK TO SAVEPOINT`.
    RollbackTo(String),
    /// `PREPARE TRANSACTION`, `COMMIT PREPARED`, `SET TRANSACTION`, `SET CONSTRAINTS`.
    Other,
}

/// `TRUNCATE`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Truncate {
    /// Which tables, and whether `ONLY`.
    pub tables: Vec<(ObjectName, bool)>,
    /// `CASCADE`.
    pub cascade: bool,
}

/// `LOCK TABLE`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LockTable {
    /// Which tables, and whether `ONLY`.
    pub tables: Vec<(ObjectName, bool)>,
    /// How.
    pub lock: Lock,
    /// `NOWAIT`.
    pub nowait: bool,
}

/// `VACUUM`, `ANALYZE`, `CLUSTER`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Maintenance {
    /// `VACUUM`; without tables, of all.
    Vacuum {
        /// `FULL`.
        full: bool,
        /// `ANALYZE`.
        analyze: bool,
        /// Which.
        tables: Vec<ObjectName>,
    },
    /// `ANALYZE`; without tables, of all.
    Analyze {
        /// Which.
        tables: Vec<ObjectName>,
    },
    /// `CLUSTER`; without a table, of all.
    Cluster {
        /// Which.
        table: Option<ObjectName>,
    },
}
