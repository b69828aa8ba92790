use std::fmt;

use serde::{Deserialize, Serialize};

/// A table lock, weakest first, as `pg_locks` spells it.
///
/// The order is that of PostgreSQL's own numbers (`src/include/storage/lockdefs.h`); what conflicts with what is not
/// an order, and [`Lock::conflicts`] says it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Lock {
    /// Of a `SELECT`.
    #[serde(rename = "AccessShareLock")]
    AccessShare,
    /// Of `SELECT … FOR UPDATE`.
    #[serde(rename = "RowShareLock")]
    RowShare,
    /// Of a write.
    #[serde(rename = "RowExclusiveLock")]
    RowExclusive,
    /// Of `VACUUM`, `CREATE INDEX CONCURRENTLY`, `VALIDATE CONSTRAINT`.
    #[serde(rename = "ShareUpdateExclusiveLock")]
    ShareUpdateExclusive,
    /// Of `CREATE INDEX`: writes wait.
    #[serde(rename = "ShareLock")]
    Share,
    /// Of `CREATE TRIGGER` and foreign keys: writes wait.
    #[serde(rename = "ShareRowExclusiveLock")]
    ShareRowExclusive,
    /// Of `REFRESH MATERIALIZED VIEW CONCURRENTLY`: writes wait.
    #[serde(rename = "ExclusiveLock")]
    Exclusive,
    /// Of most of `ALTER TABLE`: reads and writes wait.
    #[serde(rename = "AccessExclusiveLock")]
    AccessExclusive,
}

impl Lock {
    /// Every lock, weakest first.
    pub const ALL: [Self; 8] = [
        Self::AccessShare,
        Self::RowShare,
        Self::RowExclusive,
        Self::ShareUpdateExclusive,
        Self::Share,
        Self::ShareRowExclusive,
        Self::Exclusive,
        Self::AccessExclusive,
    ];

    /// Whether writes wait for it, or reads too: SHARE or stronger.
    pub fn blocks(self) -> bool {
        self >= Self::Share
    }

    /// Whether one waits for the other, by table 13.2 of PostgreSQL's manual ("Conflicting Lock Modes").
    pub fn conflicts(self, other: Self) -> bool {
        CONFLICTS[self as usize] & (1 << other as u8) != 0
    }

    /// As `pg_locks` spells it: `AccessExclusiveLock`.
    pub const fn pg_name(self) -> &'static str {
        match self {
            Self::AccessShare => "AccessShareLock",
            Self::RowShare => "RowShareLock",
            Self::RowExclusive => "RowExclusiveLock",
            Self::ShareUpdateExclusive => "ShareUpdateExclusiveLock",
            Self::Share => "ShareLock",
            Self::ShareRowExclusive => "ShareRowExclusiveLock",
            Self::Exclusive => "ExclusiveLock",
            Self::AccessExclusive => "AccessExclusiveLock",
        }
    }

    /// As `LOCK TABLE` spells it: `ACCESS EXCLUSIVE`.
    pub const fn sql_name(self) -> &'static str {
        match self {
            Self::AccessShare => "ACCESS SHARE",
            Self::RowShare => "ROW SHARE",
            Self::RowExclusive => "ROW EXCLUSIVE",
            Self::ShareUpdateExclusive => "SHARE UPDATE EXCLUSIVE",
            Self::Share => "SHARE",
            Self::ShareRowExclusive => "SHARE ROW EXCLUSIVE",
            Self::Exclusive => "EXCLUSIVE",
            Self::AccessExclusive => "ACCESS EXCLUSIVE",
        }
    }
}

/// Row by row of the manual's table; bit n stands for the n-th lock.
const CONFLICTS: [u8; 8] =
    [0b1000_0000, 0b1100_0000, 0b1111_0000, 0b1111_1000, 0b1110_1100, 0b1111_1100, 0b1111_1110, 0b1111_1111];

impl fmt::Display for Lock {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.sql_name())
    }
}

#[cfg(test)]
mod tests {
    use super::Lock;

    #[test]
    fn conflicts_are_mutual() {
        for one in Lock::ALL {
            for other in Lock::ALL {
                assert_eq!(one.conflicts(other), other.conflicts(one), "{one} and {other}");
            }
        }
    }

    #[test]
    fn what_blocks_is_what_a_write_waits_for() {
        for lock in Lock::ALL {
            assert_eq!(lock.blocks(), lock.conflicts(Lock::RowExclusive), "{lock}");
        }
    }
}
