use std::fs::{self, File};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use handover_core::Slot;

use super::Targets;
use super::book::{Book, FORMAT};
use crate::BoxError;

/// Where a logbook is kept. Clones are handles on the same one.
#[derive(Debug, Clone)]
pub struct Logbook {
    keep: Keep,
}

#[derive(Debug, Clone)]
enum Keep {
    Memory(Arc<Mutex<Book>>),
    File(Arc<PathBuf>),
}

impl Logbook {
    /// A logbook that is gone with its process: for tests, and for looking only.
    pub fn in_memory() -> Self {
        Self { keep: Keep::Memory(Arc::default()) }
    }

    /// The logbook in this file, shared by every process that names it. A missing file is an empty logbook.
    pub fn in_file(path: impl Into<PathBuf>) -> Self {
        Self { keep: Keep::File(Arc::new(path.into())) }
    }

    /// What each slot stands for.
    ///
    /// # Errors
    ///
    /// The file cannot be read, or is not a logbook this version knows.
    pub async fn targets(&self) -> Result<Targets, BoxError> {
        self.look(|book| book.targets.clone()).await
    }

    /// From now on `slot` stands for `target`.
    ///
    /// # Errors
    ///
    /// The file cannot be read or written.
    pub async fn assign(&self, slot: Slot, target: Option<String>) -> Result<(), BoxError> {
        self.edit(move |book| book.targets[slot] = target).await
    }

    /// Reads.
    pub(super) async fn look<T: Send + 'static>(
        &self,
        read: impl FnOnce(&Book) -> T + Send + 'static,
    ) -> Result<T, BoxError> {
        match &self.keep {
            Keep::Memory(book) => Ok(read(&book.lock().unwrap_or_else(PoisonError::into_inner))),
            Keep::File(path) => {
                let path = Arc::clone(path);
                apart(move || Ok(read(&load(&path)?))).await
            }
        }
    }

    /// Changes, one process after the other. What was changed is on disk when this returns.
    pub(super) async fn edit<T: Send + 'static>(
        &self,
        change: impl FnOnce(&mut Book) -> T + Send + 'static,
    ) -> Result<T, BoxError> {
        match &self.keep {
            Keep::Memory(book) => Ok(change(&mut book.lock().unwrap_or_else(PoisonError::into_inner))),
            Keep::File(path) => {
                let path = Arc::clone(path);
                apart(move || edit_file(&path, change)).await
            }
        }
    }
}

/// Files are read and written where waiting for a disk holds nobody up.
async fn apart<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, BoxError> + Send + 'static,
) -> Result<T, BoxError> {
    tokio::task::spawn_blocking(work).await?
}

fn edit_file<T>(path: &Path, change: impl FnOnce(&mut Book) -> T) -> Result<T, BoxError> {
    // The lock is a file of its own: the logbook itself is replaced with each change.
    let lock = File::options().create(true).append(true).open(path.with_extension("lock"));
    let lock = lock.map_err(|e| at(path, "could not lock", &e))?;
    lock.lock().map_err(|e| at(path, "could not lock", &e))?;
    let before = load(path)?;
    let mut book = before.clone();
    let done = change(&mut book);
    if book != before {
        save(path, &book).map_err(|e| at(path, "could not write", &e))?;
    }
    Ok(done)
}

fn load(path: &Path) -> Result<Book, BoxError> {
    let text = match fs::read(path) {
        Ok(text) => text,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Book::default()),
        Err(error) => return Err(at(path, "could not read", &error)),
    };
    let unreadable = |e: serde_json::Error| at(path, "could not understand", &io::Error::other(e));
    let head: Head = serde_json::from_slice(&text).map_err(unreadable)?;
    if head.format > FORMAT {
        let newer = format!("it has format {}, this version knows up to {FORMAT}", head.format);
        return Err(at(path, "could not understand", &io::Error::other(newer)));
    }
    serde_json::from_slice(&text).map_err(unreadable)
}

#[derive(serde::Deserialize)]
struct Head {
    format: u32,
}

/// Whole or not at all: temporary file, sync, rename, and the folder synced so that the name lasts too.
fn save(path: &Path, book: &Book) -> io::Result<()> {
    let temporary = path.with_extension("tmp");
    let mut file = File::create(&temporary)?;
    serde_json::to_writer_pretty(&mut file, book)?;
    file.write_all(b"\n")?;
    file.sync_all()?;
    fs::rename(&temporary, path)?;
    path.parent().map_or(Ok(()), |folder| File::open(folder)?.sync_all())
}

fn at(path: &Path, attempted: &str, error: &io::Error) -> BoxError {
    format!("{attempted} the logbook {}: {error}", path.display()).into()
}
