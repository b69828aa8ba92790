//! The audit beside the file: a JSON line per change, each written before the change is made.
//!
//! A line is on the disk before the file is replaced, so that whoever is named for a change is never lost with a crash.
//! A crash between the two leaves a line for a change that was not made; the next to look finds other values than the
//! audit says, and writes that down as a change made outside.

use std::collections::BTreeMap;
use std::fs::{self, File, OpenOptions};
use std::io::{Error, ErrorKind, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

use super::owner::like;
use super::place::Files;
use crate::store::{AuditEntry, Contents, Held, Key, Revision};

/// What the audit says of the file, as far as it has been read.
#[derive(Debug, Default)]
pub(super) struct Known {
    path: PathBuf,
    /// How many bytes of it.
    read: u64,
    values: BTreeMap<Key, Held>,
    pub(super) revision: Revision,
}

impl Known {
    fn take(&mut self, entry: AuditEntry) {
        self.revision = self.revision.max(entry.revision.unwrap_or_default());
        match entry.after {
            Some(held) => self.values.insert(entry.key, held),
            None => self.values.remove(&entry.key),
        };
    }

    /// What stands in the file and not in the audit: key, before, after.
    pub(super) fn outside(&self, now: &Contents) -> Vec<(Key, Option<Held>, Option<Held>)> {
        let keys = self.values.keys().chain(now.values.keys().filter(|key| !self.values.contains_key(*key)));
        keys.map(|key| (key.clone(), self.values.get(key).cloned(), now.values.get(key).cloned()))
            .filter(|(_, before, after)| before != after)
            .collect()
    }
}

/// The audit, open for writing. Only for who holds the lock.
#[derive(Debug)]
pub(super) struct Trail<'a> {
    file: File,
    known: &'a mut Known,
}

impl<'a> Trail<'a> {
    /// Opens it, reads what others have written since, and cuts off a line that a killed writer has torn.
    pub(super) fn open(files: &Files, known: &'a mut Known) -> Result<Self, Error> {
        let path = files.audit();
        let new = !path.exists();
        if !new && !fs::metadata(&path)?.is_file() {
            return Err(Error::other("it is no regular file"));
        }
        let file = OpenOptions::new().read(true).append(true).create(true).open(&path)?;
        if new {
            like(&path, &files.file);
        }
        if known.path != path || file.metadata()?.len() < known.read {
            *known = Known { path, ..Known::default() };
        }
        let mut trail = Self { file, known };
        trail.catch_up()?;
        Ok(trail)
    }

    fn catch_up(&mut self) -> Result<(), Error> {
        self.file.seek(SeekFrom::Start(self.known.read))?;
        let mut more = Vec::new();
        self.file.read_to_end(&mut more)?;
        let whole = whole(&more);
        for entry in entries(whole, &self.known.path) {
            self.known.take(entry);
        }
        self.known.read += whole.len() as u64;
        if whole.len() < more.len() {
            torn(&self.known.path);
            self.file.set_len(self.known.read)?;
        }
        Ok(())
    }

    pub(super) const fn known(&self) -> &Known {
        self.known
    }

    /// Adds lines, all or none, and has them on the disk.
    pub(super) fn write(&mut self, entries: Vec<AuditEntry>) -> Result<Written, Error> {
        let before = self.known.read;
        let mut lines = Vec::new();
        for entry in &entries {
            serde_json::to_writer(&mut lines, entry)?;
            lines.push(b'\n');
        }
        if let Err(error) = self.file.write_all(&lines).and_then(|()| self.file.sync_data()) {
            self.cut(before);
            return Err(error);
        }
        self.known.read += lines.len() as u64;
        Ok(Written { before, entries })
    }

    /// The change was made: what was written is known from now on.
    pub(super) fn keep(&mut self, written: Written) {
        for entry in written.entries {
            self.known.take(entry);
        }
    }

    /// The change was not made: its line goes again.
    pub(super) fn take_back(&mut self, written: &Written) {
        self.cut(written.before);
    }

    fn cut(&mut self, length: u64) {
        self.known.read = length;
        // A line that stays is contradicted by the next to look; see above.
        let _ = self.file.set_len(length).and_then(|()| self.file.sync_data());
    }
}

/// Lines that are on the disk, for a change that is not made yet.
#[derive(Debug)]
#[must_use]
pub(super) struct Written {
    before: u64,
    entries: Vec<AuditEntry>,
}

/// Every line that can be read, oldest first. Needs no lock.
pub(super) fn read(files: &Files) -> Result<Vec<AuditEntry>, Error> {
    let path = files.audit();
    match read_regular(&path) {
        Ok(bytes) => {
            let whole = whole(&bytes);
            if whole.len() < bytes.len() {
                torn(&path);
            }
            Ok(entries(whole, &path))
        }
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(Vec::new()),
        Err(error) => Err(error),
    }
}

/// A pipe or a device might never end.
fn read_regular(path: &Path) -> Result<Vec<u8>, Error> {
    if fs::metadata(path)?.is_file() {
        fs::read(path)
    } else {
        Err(Error::other("its audit is no regular file"))
    }
}

/// The lines that have an end.
fn whole(bytes: &[u8]) -> &[u8] {
    &bytes[..bytes.iter().rposition(|byte| *byte == b'\n').map_or(0, |at| at + 1)]
}

fn entries(lines: &[u8], path: &Path) -> Vec<AuditEntry> {
    let lines = lines.split(|byte| *byte == b'\n').filter(|line| !line.is_empty());
    let read = lines.map(serde_json::from_slice::<AuditEntry>);
    read.filter_map(|entry| entry.inspect_err(|error| unread(path, error)).ok()).collect()
}

fn torn(path: &Path) {
    tracing::warn!(audit = %path.display(), "the last line of the audit is torn: a writer was killed, and its change was not made");
}

fn unread(path: &Path, error: &serde_json::Error) {
    tracing::warn!(audit = %path.display(), %error, "a line of the audit cannot be read, and is left out");
}
