//! Making, checking and opening the file.

use std::fs;
use std::io::{self, Read as _};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous};
use sqlx::{Connection as _, Row as _, SqliteConnection, SqlitePool};

use super::error::classify;
use crate::{FORMAT, JournalError};

/// How long a write waits for another process's.
const BUSY: Duration = Duration::from_secs(5);
/// What each `SQLite` file begins with.
const MAGIC: &[u8; 16] = b"SQLite format 3\0";
/// `HRUN`: tells this file from other programs' databases. The schema sets the same number.
const APPLICATION: i64 = 1_213_355_342;

/// Tells apart the files this process makes at the same time.
static CREATED: AtomicU32 = AtomicU32::new(0);

/// How every connection is made. Never creates a file.
pub(super) fn options(path: &Path) -> SqliteConnectOptions {
    SqliteConnectOptions::new().filename(path).synchronous(SqliteSynchronous::Full).busy_timeout(BUSY)
}

/// Makes the file beside its place and then links it there: another process sees a whole journal or none,
/// so an empty file is always a damaged one.
pub(super) async fn create_if_missing(path: &Path) -> Result<(), JournalError> {
    if path.try_exists().map_err(|error| closed(path, error))? {
        return Ok(());
    }
    let number = CREATED.fetch_add(1, Ordering::Relaxed);
    let fresh = beside(path, &format!(".new-{}-{number}", std::process::id()));
    remove(&fresh).map_err(|error| closed(path, error))?;
    let made = make(&fresh).await.map_err(|error| classify(path, "create", error));
    let linked = made.and_then(|()| link(&fresh, path).map_err(|error| closed(path, error)));
    // What is left of a failed attempt is in nobody's way.
    remove(&fresh).ok();
    linked
}

/// Opens a file that exists, and refuses it unless it is a sound journal of a known format.
pub(super) async fn connect(path: &Path) -> Result<SqlitePool, JournalError> {
    look(path)?;
    let pool = SqlitePoolOptions::new().max_connections(4).connect_with(options(path)).await;
    let pool = pool.map_err(|error| classify(path, "open", error))?;
    match inspect(path, &pool).await {
        Ok(()) => Ok(pool),
        Err(error) => {
            pool.close().await;
            Err(error)
        }
    }
}

/// Looks at the file before `SQLite` does, which would take an empty one for a new one.
fn look(path: &Path) -> Result<(), JournalError> {
    let mut file = fs::File::open(path).map_err(|error| closed(path, error))?;
    let mut head = [0; 32];
    let cut = || unreadable(path, "it was cut off");
    file.read_exact(&mut head).map_err(|_| cut())?;
    let (magic, rest) = head.split_at(MAGIC.len());
    if magic != MAGIC {
        return Err(unreadable(path, "it is not a SQLite file"));
    }
    // Big-endian, from SQLite's description of its file format: page size at 16 (1 means 65,536), pages at 28.
    let size = u64::from(rest[0]) << 8 | u64::from(rest[1]);
    let pages = rest[12..16].iter().fold(0, |all, byte| all << 8 | u64::from(*byte));
    let whole = pages * if size == 1 { 65_536 } else { size };
    let length = file.metadata().map_err(|error| closed(path, error))?.len();
    // While there is a write-ahead log, what is missing here may be there.
    if length < whole && !has_log(path) { Err(cut()) } else { Ok(()) }
}

fn has_log(path: &Path) -> bool {
    fs::metadata(beside(path, "-wal")).is_ok_and(|log| log.len() > 0)
}

fn beside(path: &Path, suffix: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(suffix);
    name.into()
}

async fn make(fresh: &Path) -> Result<(), sqlx::Error> {
    let options = options(fresh).create_if_missing(true).journal_mode(SqliteJournalMode::Wal);
    let mut connection = SqliteConnection::connect_with(&options).await?;
    sqlx::raw_sql(include_str!("schema.sql")).execute(&mut connection).await?;
    // Closing folds the write-ahead log into the file.
    connection.close().await
}

fn link(fresh: &Path, path: &Path) -> io::Result<()> {
    match fs::hard_link(fresh, path) {
        // Another process was faster; its file is as good.
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => return Ok(()),
        linked => linked?,
    }
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
    fs::File::open(folder.unwrap_or(Path::new(".")))?.sync_all()
}

fn remove(path: &Path) -> io::Result<()> {
    for suffix in ["", "-wal", "-shm"] {
        match fs::remove_file(beside(path, suffix)) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
            _ => {}
        }
    }
    Ok(())
}

async fn inspect(path: &Path, pool: &SqlitePool) -> Result<(), JournalError> {
    let fail = |error| classify(path, "read", error);
    let application: i64 =
        sqlx::query("PRAGMA application_id").fetch_one(pool).await.map_err(fail)?.try_get(0).map_err(fail)?;
    if application != APPLICATION {
        return Err(unreadable(path, "it is another program's database"));
    }
    let version: i64 = sqlx::query("SELECT version FROM format")
        .fetch_one(pool)
        .await
        .map_err(fail)?
        .try_get(0)
        .map_err(fail)?;
    let found = u32::try_from(version).unwrap_or(u32::MAX);
    if found > FORMAT {
        return Err(JournalError::Newer { found, known: FORMAT });
    }
    let said: String =
        sqlx::query("PRAGMA quick_check(1)").fetch_one(pool).await.map_err(fail)?.try_get(0).map_err(fail)?;
    if said == "ok" { Ok(()) } else { Err(unreadable(path, said)) }
}

pub(super) fn unreadable(path: &Path, because: impl Into<String>) -> JournalError {
    JournalError::Unreadable { path: path.display().to_string(), source: because.into().into() }
}

fn closed(path: &Path, error: io::Error) -> JournalError {
    JournalError::Closed { path: path.display().to_string(), source: error.into() }
}
