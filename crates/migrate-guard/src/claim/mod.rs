//! What a statement is said to do: a claim that PostgreSQL can prove false.

mod cause;
mod change;
mod class;
mod lock;
mod work;

use serde::{Deserialize, Serialize};

use crate::{QualifiedName, Span};
pub use cause::Cause;
pub use change::{Breaks, Change, ChangeKind};
pub use class::Class;
pub use lock::Lock;
pub use work::{Work, Works};

/// One thing that a statement does to one relation.
#[derive(Clone, Debug, PartialEq)]
pub struct Claim {
    /// To which relation, by the name it had before the statement.
    pub relation: QualifiedName,
    /// What kind of relation it is.
    pub kind: RelationKind,
    /// Since when it is there.
    pub age: Age,
    /// The table lock that is taken; `None` where it is not held to the end of the statement's transaction, since
    /// there is none.
    pub lock: Lock,
    /// The work whose time grows with the relation.
    pub work: Works,
    /// By what.
    pub cause: Cause,
    /// Where in the text.
    pub span: Span,
    /// When it holds, if not always: `unless TimeZone is UTC`, `if the branch is taken`.
    pub when: Option<String>,
    /// How it is known.
    pub evidence: Evidence,
}

impl Claim {
    /// Whether its time grows with the relation: its work does, unless an index keeps its file.
    pub fn is_slow(&self) -> bool {
        self.work.is_long() && !matches!(self.cause, Cause::KeepIndex)
    }
}

/// A kind of relation, as `pg_class.relkind` tells them apart.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum RelationKind {
    /// A table.
    #[default]
    Table,
    /// A partitioned table: it holds no rows itself.
    Partitioned,
    /// A foreign table.
    Foreign,
    /// A view.
    View,
    /// A materialized view.
    MaterializedView,
    /// An index, or a partitioned one.
    Index,
    /// A sequence.
    Sequence,
    /// A composite type.
    Composite,
}

/// Since when a relation is there. Three ages, since they are three sets: a lock on what nobody uses yet harms nobody.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Age {
    /// Made by this file.
    File,
    /// Made by an earlier file of the same release: no running code knows it.
    Release,
    /// There before.
    Old,
}

/// How a claim is known.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Evidence {
    /// Taken to be so: what would decide it is not known here.
    #[default]
    Assumed,
    /// It follows from the statement and the replayed schema.
    Decided,
}
