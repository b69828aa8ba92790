//! Journal, order book and lease in one `SQLite` file.
//!
//! The write-ahead log lets viewers read while the driver writes; `synchronous=FULL` makes each append
//! durable. For one machine: `SQLite`'s locks do not work over a network.

mod error;
mod journal;
mod lease;
mod open;
mod orders;
mod process;

use std::path::{Path, PathBuf};

use sqlx::SqlitePool;

pub use lease::SqliteLease;

use crate::JournalError;

/// A journal and an order book in one file; [`SqliteStore::lease`] gives the lease beside them. Clones share it.
#[derive(Debug, Clone)]
pub struct SqliteStore {
    path: PathBuf,
    pool: SqlitePool,
}

impl SqliteStore {
    /// Opens the file at `path`, creating it if there is none.
    ///
    /// A file that is empty, cut off or something else is refused as it is: it may be all that tells of a
    /// run under way.
    ///
    /// # Errors
    ///
    /// [`JournalError::Closed`], [`JournalError::Unreadable`], [`JournalError::Newer`]: nothing was changed.
    pub async fn open(path: impl AsRef<Path>) -> Result<Self, JournalError> {
        let path = path.as_ref().to_path_buf();
        open::create_if_missing(&path).await?;
        let pool = open::connect(&path).await?;
        Ok(Self { path, pool })
    }

    /// The lease kept in this file, as `holder` sees it.
    pub fn lease(&self, holder: impl Into<String>) -> SqliteLease {
        SqliteLease::new(self.clone(), holder.into())
    }

    /// Lets go of the file. Values cloned from this one stop working.
    pub async fn close(self) {
        self.pool.close().await;
    }

    fn error(&self, attempted: &str, source: sqlx::Error) -> JournalError {
        error::classify(&self.path, attempted, source)
    }
}

/// `SQLite`'s integers have a sign; nothing here comes near the end of them.
fn int(number: u64) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}

/// A negative number was not written here, and fails its hash as zero.
fn number(int: i64) -> u64 {
    u64::try_from(int).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use handover_core::{Fence, Hint as _};
    use serde_json::json;
    use sqlx::sqlite::SqlitePoolOptions;

    use super::*;
    use crate::{Body, Journal as _};

    #[tokio::test]
    async fn a_full_disk_is_named_and_writes_nothing() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("journal.db");
        SqliteStore::open(&path).await.unwrap().close().await;
        let options = open::options(&path).pragma("max_page_count", "20");
        let pool = SqlitePoolOptions::new().max_connections(1).connect_with(options).await.unwrap();
        let store = SqliteStore { path, pool };
        let run = "r1".parse().unwrap();
        let sealed = |size: usize| Body::Sealed { plan: json!("x".repeat(size)) };

        let refused = store.append(&run, 0, Fence::ZERO, sealed(1 << 20)).await.unwrap_err();
        assert!(matches!(refused, JournalError::Full { .. }), "{refused:?}");
        assert!(refused.hint().is_some());
        assert_eq!(store.read(&run, 0).await.unwrap(), []);
        store.append(&run, 0, Fence::ZERO, sealed(1)).await.unwrap();
    }
}
