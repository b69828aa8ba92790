use serde::{Deserialize, Serialize};

/// Work whose time grows with a relation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Work {
    /// Every row is read.
    Scan,
    /// Every row is written anew: the relation gets a new file.
    Rewrite,
    /// An index on it is built or rebuilt.
    Index,
    /// Rows are written.
    Dml,
}

/// A set of [`Work`].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(from = "Vec<Work>", into = "Vec<Work>")]
pub struct Works(u8);

impl Works {
    /// No work.
    pub const NONE: Self = Self(0);
    /// A scan.
    pub const SCAN: Self = Self(1 << Work::Scan as u8);
    /// An index, built without a sequential scan: a rebuilt one, or one on a partitioned table.
    pub const INDEX: Self = Self(1 << Work::Index as u8);
    /// A scan and an index built from it.
    pub const BUILD: Self = Self(Self::SCAN.0 | Self::INDEX.0);
    /// A rewrite alone.
    pub const REWRITE: Self = Self(1 << Work::Rewrite as u8);
    /// Rows written.
    pub const DML: Self = Self(1 << Work::Dml as u8);

    /// The work of both.
    #[must_use]
    pub const fn and(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// All but `work`.
    #[must_use]
    pub const fn without(self, work: Work) -> Self {
        Self(self.0 & !(1 << work as u8))
    }

    /// Whether `work` is among it.
    pub const fn has(self, work: Work) -> bool {
        self.0 & (1 << work as u8) != 0
    }

    /// Whether there is none.
    pub const fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// Whether its time grows with the relation under the lock: anything but rows written.
    pub const fn is_long(self) -> bool {
        self.0 & !Self::DML.0 != 0
    }

    /// Each, in order.
    pub fn iter(self) -> impl Iterator<Item = Work> {
        [Work::Scan, Work::Rewrite, Work::Index, Work::Dml].into_iter().filter(move |work| self.has(*work))
    }
}

impl From<Works> for Vec<Work> {
    fn from(works: Works) -> Self {
        works.iter().collect()
    }
}

impl From<Vec<Work>> for Works {
    fn from(works: Vec<Work>) -> Self {
        Self(works.into_iter().fold(0, |all, work| all | (1 << work as u8)))
    }
}
