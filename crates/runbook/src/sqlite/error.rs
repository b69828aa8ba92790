//! What `SQLite`'s errors mean for a journal.

use std::path::Path;

use crate::JournalError;

// Primary result codes, from sqlite3.h.
const BUSY: u32 = 5;
const LOCKED: u32 = 6;
const READONLY: u32 = 8;
const CORRUPT: u32 = 11;
const FULL: u32 = 13;
const CANTOPEN: u32 = 14;
const NOTADB: u32 = 26;

pub(super) fn classify(path: &Path, attempted: &str, error: sqlx::Error) -> JournalError {
    let code = primary_code(&error);
    let busy = matches!(error, sqlx::Error::PoolTimedOut);
    let (path, source) = (path.display().to_string(), Box::new(error));
    match code {
        _ if busy => JournalError::Busy { path, source },
        Some(BUSY | LOCKED) => JournalError::Busy { path, source },
        Some(FULL) => JournalError::Full { path, source },
        Some(READONLY | CANTOPEN) => JournalError::Closed { path, source },
        Some(CORRUPT | NOTADB) => JournalError::Unreadable { path, source },
        _ => JournalError::Unavailable { attempted: format!("{attempted} {path}"), source },
    }
}

fn primary_code(error: &sqlx::Error) -> Option<u32> {
    let code: u32 = error.as_database_error()?.code()?.parse().ok()?;
    // The higher bits are SQLite's finer distinctions.
    Some(code & 0xff)
}
