use std::borrow::Cow;
use std::fs::{self, File};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use handover_core::{BySlot, Fence, Hint, ReleaseId, RunId, Slot, Timestamp};
use serde::{Deserialize, Serialize};

/// The version of the file's format.
const FORMAT: u32 = 1;

/// A release in a slot, and the run that put it there.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Seat {
    /// Which release.
    pub release: ReleaseId,
    /// Which run launched it.
    pub run: RunId,
}

impl Seat {
    /// The seat of a release that was there before handover came.
    pub fn adopted(release: ReleaseId) -> Option<Self> {
        ADOPTED.parse().ok().map(|run| Self { release, run })
    }

    /// Whether no run launched it.
    pub fn is_adopted(&self) -> bool {
        self.run.as_str() == ADOPTED
    }
}

/// In the place of a run's name, which begins with a date.
const ADOPTED: &str = "adopted";

/// Which release sits where.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Standing {
    format: u32,
    /// The slot of the release that was last verified at 100 %; `None` before the first.
    pub stable: Option<Slot>,
    /// What each slot holds.
    pub seats: BySlot<Option<Seat>>,
    /// Until when the slot that is not stable keeps its release warm.
    pub retained_until: Option<Timestamp>,
    /// The highest fence that has changed this.
    pub fence: Fence,
}

impl Default for Standing {
    fn default() -> Self {
        let seats = BySlot::from_fn(|_| None);
        Self { format: FORMAT, stable: None, seats, retained_until: None, fence: Fence::ZERO }
    }
}

impl Standing {
    /// The release named stable, with its slot.
    pub fn stable(&self) -> Option<(Slot, &ReleaseId)> {
        let slot = self.stable?;
        self.seats[slot].as_ref().map(|seat| (slot, &seat.release))
    }
}

/// The file that says which release sits where, shared by every process that names it.
#[derive(Debug, Clone)]
pub struct Roster {
    file: PathBuf,
}

/// The roster cannot be used. Nothing changed.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum RosterError {
    /// It cannot be read or written.
    #[error("could not {attempted} {}", file.display())]
    Io {
        /// `read`, `lock` or `write`.
        attempted: &'static str,
        /// Which file.
        file: PathBuf,
        /// Why.
        #[source]
        source: io::Error,
    },
    /// It is damaged; it is never read as empty.
    #[error("could not understand {}", file.display())]
    Unreadable {
        /// Which file.
        file: PathBuf,
        /// Why.
        #[source]
        source: serde_json::Error,
    },
    /// It was written by a newer version.
    #[error("{} has format {found}, this version knows up to {FORMAT}", file.display())]
    Newer {
        /// Which file.
        file: PathBuf,
        /// The file's format.
        found: u32,
    },
    /// Somebody with a newer lease has acted.
    #[error("fence {offered} is behind {seen}: somebody with a newer lease has acted")]
    Fenced {
        /// The fence of the change.
        offered: Fence,
        /// The highest fence seen.
        seen: Fence,
    },
}

impl Hint for RosterError {
    fn hint(&self) -> Option<Cow<'static, str>> {
        match self {
            Self::Io { .. } => None,
            Self::Unreadable { file, .. } => Some(
                format!("mend or move {} away; the next deployment then counts as the first", file.display())
                    .into(),
            ),
            Self::Newer { .. } => Some("use the handover binary that wrote it, or a newer one".into()),
            Self::Fenced { .. } => Some("run `handover lease show` to see who holds the lease now".into()),
        }
    }
}

impl Roster {
    /// The roster in this file. A missing file is an empty one.
    pub fn in_file(file: impl Into<PathBuf>) -> Self {
        Self { file: file.into() }
    }

    /// How things stand.
    ///
    /// # Errors
    ///
    /// The file cannot be read or understood.
    pub fn read(&self) -> Result<Standing, RosterError> {
        let text = match fs::read(&self.file) {
            Ok(text) => text,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Standing::default()),
            Err(source) => return Err(self.io("read", source)),
        };
        let unreadable = |source| RosterError::Unreadable { file: self.file.clone(), source };
        let head: Head = serde_json::from_slice(&text).map_err(unreadable)?;
        if head.format > FORMAT {
            return Err(RosterError::Newer { file: self.file.clone(), found: head.format });
        }
        serde_json::from_slice(&text).map_err(unreadable)
    }

    /// Changes it, one process after the other; a fence below the highest seen changes nothing.
    ///
    /// # Errors
    ///
    /// [`RosterError::Fenced`], or the file cannot be read or written.
    pub fn edit(&self, fence: Fence, change: impl FnOnce(&mut Standing)) -> Result<Standing, RosterError> {
        // The lock is a file of its own: the roster itself is replaced with each change.
        let lock = File::options().create(true).append(true).open(self.file.with_extension("lock"));
        lock.and_then(|lock| lock.lock().map(|()| lock)).map_err(|e| self.io("lock", e)).and_then(|_lock| {
            let mut standing = self.read()?;
            if fence < standing.fence {
                return Err(RosterError::Fenced { offered: fence, seen: standing.fence });
            }
            change(&mut standing);
            standing.fence = fence;
            save(&self.file, &standing).map_err(|e| self.io("write", e))?;
            Ok(standing)
        })
    }

    fn io(&self, attempted: &'static str, source: io::Error) -> RosterError {
        RosterError::Io { attempted, file: self.file.clone(), source }
    }
}

#[derive(Deserialize)]
struct Head {
    format: u32,
}

/// Whole or not at all: temporary file, sync, rename, and the folder synced so that the name lasts too.
fn save(file: &Path, standing: &Standing) -> io::Result<()> {
    let temporary = file.with_extension("tmp");
    let mut new = File::create(&temporary)?;
    serde_json::to_writer_pretty(&mut new, standing)?;
    new.write_all(b"\n")?;
    new.sync_all()?;
    fs::rename(&temporary, file)?;
    file.parent().map_or(Ok(()), |folder| File::open(folder)?.sync_all())
}
