use std::collections::{BTreeMap, BTreeSet};

/// What a statement did.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Observed {
    /// Why it did not apply; then it did nothing.
    pub error: Option<String>,
    /// Whether it ran outside of a transaction, so that its locks were not seen.
    pub outside: bool,
    /// The relations that it touched of those that were there before the file, by their full name before it.
    pub touched: BTreeMap<String, Touched>,
    /// What it changed for code that knows those relations: the kind, and the name of a column or a relation.
    pub contract: Vec<(&'static str, String)>,
}

/// What a statement did to a relation.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Touched {
    /// The strongest lock that it held, as `pg_locks` spells it; nothing where that was not seen.
    pub lock: Option<&'static str>,
    /// Of `rewrite`, `scan`, `index` and `dml`.
    pub work: BTreeSet<&'static str>,
    /// As `pg_class.relkind` has it.
    pub kind: char,
}
