//! Changing the file, a step at a time: a writer may be killed between any two of them.

use std::fs::{self, File, OpenOptions};
use std::io::{Error, Write};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use super::disk::{LARGEST, editable};
use super::document::Document;
use super::lock::Lock;
use super::owner::like;
use super::place::{Files, Place};
use super::trail::{Known, Trail, Written};
use crate::store::{AuditEntry, Change, Contents, Held, Key, Receipt, Revision, StoreError};

/// How long a change waits for those who are changing the file already.
const PATIENCE: Duration = Duration::from_secs(10);

/// How long a comparison with the audit waits; it is made again at the next look at the file.
const GLANCE: Duration = Duration::from_millis(200);

/// The file, with the right to change it.
pub(super) struct Edit<'a> {
    place: &'a Place,
    files: Files,
    _lock: Lock,
    trail: Trail<'a>,
    contents: Contents,
    document: Document,
}

/// Puts a text under a key, or takes it away.
pub(super) fn change(
    place: &Place,
    known: &mut Known,
    (key, text): (&Key, Option<&str>),
    change: &Change,
) -> Result<Receipt, StoreError> {
    let mut edit = Edit::begin(place, known, PATIENCE)?;
    let before = edit.expect(key, change)?;
    let revision = edit.put(key, text);
    edit.stage()?;
    let after = text.map(|text| Held::from_bytes(text.as_bytes()));
    let line = edit.write_down(entry(key, (before.clone(), after), change, revision))?;
    edit.commit(line)?;
    Ok(Receipt { revision: Some(revision), before })
}

/// Changes the mark that says that so few flags are meant. There is no line for it in the audit, which is about flags.
pub(super) fn mark(place: &Place, known: &mut Known, actor: &str) -> Result<(), StoreError> {
    let mut edit = Edit::begin(place, known, PATIENCE)?;
    edit.document.mark(&format!("{}/{actor}", now_ms()));
    edit.stage()?;
    edit.replace()
}

/// Writes down what was changed outside, unless somebody has.
pub(super) fn compare(place: &Place, known: &mut Known) -> Result<(), StoreError> {
    Edit::begin(place, known, GLANCE).map(drop)
}

impl<'a> Edit<'a> {
    /// Waits for the right to change the file, and writes down what was changed outside since.
    pub(super) fn begin(
        place: &'a Place,
        known: &'a mut Known,
        patience: Duration,
    ) -> Result<Self, StoreError> {
        let files = place.files()?;
        let lock = Lock::take(place, &files, patience)?;
        let (contents, document) = editable(place, &files)?;
        let trail = Trail::open(&files, known).map_err(|error| place.unwritten(&files.audit(), &error))?;
        let mut edit = Self { place, files, _lock: lock, trail, contents, document };
        edit.note_outside()?;
        Ok(edit)
    }

    fn note_outside(&mut self) -> Result<(), StoreError> {
        let outside = self.trail.known().outside(&self.contents);
        if outside.is_empty() {
            return Ok(());
        }
        let nobody = Change::by(AuditEntry::OUTSIDE);
        let entries = outside.into_iter().map(|(key, before, after)| AuditEntry {
            revision: None,
            ..entry(&key, (before, after), &nobody, Revision(0))
        });
        let written = self.trail.write(entries.collect()).map_err(|error| self.unwritten(&error))?;
        self.trail.keep(written);
        Ok(())
    }

    fn unwritten(&self, error: &Error) -> StoreError {
        self.place.unwritten(&self.files.audit(), error)
    }

    /// What stands there, if it is what the change is meant for.
    pub(super) fn expect(&self, key: &Key, change: &Change) -> Result<Option<Held>, StoreError> {
        let found = self.contents.values.get(key).cloned();
        match &change.only_if {
            Some(wanted) if *wanted != found => Err(StoreError::Conflict { key: key.clone(), found }),
            _ => Ok(found),
        }
    }

    /// Changes the text in memory. The number is above any that was ever given, also by a file that an editor put back.
    pub(super) fn put(&mut self, key: &Key, text: Option<&str>) -> Revision {
        let last = self.contents.revision.unwrap_or_default().max(self.trail.known().revision);
        let next = Revision(last.0.saturating_add(1));
        self.document.set(key, text);
        self.document.count(next);
        next
    }

    /// Writes the next file beside the one in force.
    pub(super) fn stage(&self) -> Result<(), StoreError> {
        let text = self.document.print().map_err(|error| self.place.refused(error))?;
        if text.len() as u64 > LARGEST {
            return Err(self.place.refused(format!("it would have more than {} MiB", LARGEST >> 20)));
        }
        let next = self.files.next();
        self.write_next(&text).map_err(|error| {
            let _ = fs::remove_file(&next);
            self.place.unwritten(&next, &error)
        })
    }

    fn write_next(&self, text: &str) -> Result<(), Error> {
        let next = self.files.next();
        // What a killed writer left is not written through: it might be a link.
        let _ = fs::remove_file(&next);
        let mut file = OpenOptions::new().write(true).create_new(true).open(&next)?;
        file.write_all(text.as_bytes())?;
        like(&next, &self.files.file);
        file.sync_all()
    }

    /// Has the line about the change on the disk, before the change is made.
    pub(super) fn write_down(&mut self, entry: AuditEntry) -> Result<Written, StoreError> {
        self.trail.write(vec![entry]).map_err(|error| {
            let _ = fs::remove_file(self.files.next());
            self.unwritten(&error)
        })
    }

    /// Makes the change.
    pub(super) fn commit(&mut self, line: Written) -> Result<(), StoreError> {
        match self.replace() {
            Err(error @ StoreError::Refused { .. }) => {
                self.trail.take_back(&line);
                Err(error)
            }
            done_or_unknown => {
                self.trail.keep(line);
                done_or_unknown
            }
        }
    }

    /// Puts the next file in the place of the one in force: readers see one of them whole.
    fn replace(&self) -> Result<(), StoreError> {
        let (next, file) = (self.files.next(), &self.files.file);
        if let Err(error) = fs::rename(&next, file) {
            let _ = fs::remove_file(&next);
            return Err(self.place.refused(format!("it cannot be replaced: {error}")));
        }
        let synced = File::open(&self.files.folder).and_then(|folder| folder.sync_all());
        synced.map_err(|error| self.place.unconfirmed(error))
    }
}

pub(super) fn entry(
    key: &Key,
    (before, after): (Option<Held>, Option<Held>),
    change: &Change,
    revision: Revision,
) -> AuditEntry {
    AuditEntry {
        at_ms: now_ms(),
        key: key.clone(),
        before,
        after,
        actor: change.actor.clone(),
        reason: change.reason.clone(),
        run: change.run.clone(),
        revision: Some(revision),
    }
}

fn now_ms() -> u64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    u64::try_from(since.as_millis()).unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests;
