//! Frozen releases: an artefact with the spec it is run by, under a name that never means anything else.
//!
//! A release is built beside its place and renamed into it, so it is there whole or not at all.

mod copy;
mod error;
mod hash;

use std::fs;
use std::path::{Path, PathBuf};

use handover_core::{ReleaseId, Timestamp};

use crate::api::ReleaseSpec;
use crate::files::{self, Survives};
pub use error::ReleaseError;
pub(crate) use hash::to_hex;
pub use hash::{ContentHash, content_hash};

const SPEC: &str = "spec.json";
const FILES: &str = "files";
const HASH: &str = "content.sha256";
const TEMPORARY: &str = ".tmp-";

/// Where a release's files come from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ArtifactSource {
    /// A folder, copied.
    Directory(PathBuf),
    /// A commit, as `git archive` writes it.
    GitArchive {
        /// A folder of the repository.
        repo: PathBuf,
        /// Anything `git rev-parse` understands.
        rev: String,
    },
    /// A folder that is used where it lies: going back to this release is not real once its files changed.
    InPlace(PathBuf),
}

/// A release in the store.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Frozen {
    /// How it is run.
    pub spec: ReleaseSpec,
    /// Names its content.
    pub hash: ContentHash,
    /// It was there already, the same; nothing was written.
    pub existed: bool,
}

/// The frozen releases of one state directory.
///
/// Every method reads or writes files and blocks: call it from a thread that may.
#[derive(Debug, Clone)]
pub struct ReleaseStore {
    folder: PathBuf,
}

impl ReleaseStore {
    /// The store in this state directory; it is created by the first [`ReleaseStore::freeze`].
    pub fn new(state_dir: impl AsRef<Path>) -> Self {
        Self { folder: state_dir.as_ref().join("releases") }
    }

    /// Freezes what `source` holds now under the name in `spec`.
    ///
    /// `frozen_at` and `in_place` of `spec` are set here; a relative `env_file` is made absolute. The same name with
    /// the same content and settings again changes nothing.
    ///
    /// # Errors
    ///
    /// [`ReleaseError::Exists`] where the name means something else already; the others say what could not be read
    /// or written. Nothing is left half-done after any of them.
    pub fn freeze(&self, source: &ArtifactSource, mut spec: ReleaseSpec) -> Result<Frozen, ReleaseError> {
        spec.frozen_at = Timestamp::now();
        spec.env_file = spec.env_file.map(|path| std::path::absolute(&path).unwrap_or(path));
        spec.in_place = match source {
            ArtifactSource::InPlace(path) => Some(copy::real_folder(path)?),
            ArtifactSource::Directory(_) | ArtifactSource::GitArchive { .. } => None,
        };
        check(&spec)?;
        self.refuse_own_folder(source)?;
        files::create_private_folder(&self.folder)
            .map_err(|source| ReleaseError::Write { path: self.folder.clone(), source })?;
        let building = Building::begin(&self.folder, &spec.id)?;
        let hash = building.fill(source)?;
        building.describe(&spec, &hash)?;
        self.publish(&building, spec, hash)
    }

    /// How the release `id` is run.
    ///
    /// # Errors
    ///
    /// [`ReleaseError::NotFound`] or [`ReleaseError::Damaged`].
    pub fn spec(&self, id: &ReleaseId) -> Result<ReleaseSpec, ReleaseError> {
        let path = self.folder.join(id.as_str()).join(SPEC);
        let text = fs::read(&path).map_err(|source| match source.kind() {
            std::io::ErrorKind::NotFound => ReleaseError::NotFound { id: id.clone() },
            _ => ReleaseError::Damaged { path: path.clone(), source: source.into() },
        })?;
        serde_json::from_slice(&text).map_err(|e| ReleaseError::Damaged { path, source: e.into() })
    }

    /// The folder in which the release's command runs.
    pub fn working_folder(&self, spec: &ReleaseSpec) -> PathBuf {
        spec.in_place.clone().unwrap_or_else(|| self.folder.join(spec.id.as_str()).join(FILES))
    }

    /// Every release, the newest first.
    ///
    /// # Errors
    ///
    /// [`ReleaseError::Unreadable`] for the folder, [`ReleaseError::Damaged`] for a release in it.
    pub fn list(&self) -> Result<Vec<ReleaseSpec>, ReleaseError> {
        let mut specs = Vec::new();
        for name in self.names()? {
            if let Ok(id) = name.parse::<ReleaseId>() {
                specs.push(self.spec(&id)?);
            }
        }
        specs.sort_by(|a, b| b.frozen_at.cmp(&a.frozen_at).then_with(|| a.id.cmp(&b.id)));
        Ok(specs)
    }

    /// Removes all but the newest `keep` releases, never one in `in_slots`; what an interrupted freeze left behind
    /// goes too. Answers with what was removed.
    ///
    /// # Errors
    ///
    /// As [`ReleaseStore::list`], and [`ReleaseError::Write`]; what was removed before stays removed.
    pub fn prune(&self, keep: usize, in_slots: &[ReleaseId]) -> Result<Vec<ReleaseId>, ReleaseError> {
        for leftover in self.names()?.iter().filter(|name| name.starts_with(TEMPORARY)) {
            self.remove_leftover(leftover)?;
        }
        let old = self.list()?.into_iter().skip(keep).map(|spec| spec.id);
        let mut removed = Vec::new();
        for id in old.filter(|id| !in_slots.contains(id)) {
            self.remove(&id)?;
            removed.push(id);
        }
        Ok(removed)
    }

    fn publish(
        &self,
        building: &Building,
        spec: ReleaseSpec,
        hash: ContentHash,
    ) -> Result<Frozen, ReleaseError> {
        let place = self.folder.join(spec.id.as_str());
        if place.exists() {
            return self.compare(spec, hash);
        }
        match building.move_to(&place) {
            // Two freezes of one name at once: the first to rename wins, the second is compared with it.
            Err(ReleaseError::Write { .. }) if place.exists() => self.compare(spec, hash),
            Err(e) => Err(e),
            Ok(()) => Ok(Frozen { spec, hash, existed: false }),
        }
    }

    fn compare(&self, spec: ReleaseSpec, hash: ContentHash) -> Result<Frozen, ReleaseError> {
        let there = self.spec(&spec.id)?;
        let hash_there =
            fs::read_to_string(self.folder.join(spec.id.as_str()).join(HASH)).unwrap_or_default();
        let differs = if hash_there.trim() != hash.as_str() {
            "files"
        } else if (ReleaseSpec { frozen_at: there.frozen_at, ..spec.clone() }) != there {
            "settings"
        } else {
            return Ok(Frozen { spec: there, hash, existed: true });
        };
        Err(ReleaseError::Exists { id: spec.id, differs })
    }

    /// A copy of a folder that holds the store would hold itself.
    fn refuse_own_folder(&self, source: &ArtifactSource) -> Result<(), ReleaseError> {
        let ArtifactSource::Directory(path) = source else { return Ok(()) };
        let path = copy::real_folder(path)?;
        let own = std::path::absolute(&self.folder).unwrap_or_else(|_| self.folder.clone());
        let own = own.ancestors().find_map(|existing| existing.canonicalize().ok()).unwrap_or(own);
        if own.starts_with(&path) { Err(ReleaseError::HoldsState { path }) } else { Ok(()) }
    }

    fn names(&self) -> Result<Vec<String>, ReleaseError> {
        let unreadable = |source| ReleaseError::Unreadable { path: self.folder.clone(), source };
        match fs::read_dir(&self.folder) {
            Err(e) if e.kind() == std::io::ErrorKind::NotFound => Ok(Vec::new()),
            Err(e) => Err(unreadable(e)),
            Ok(entries) => entries
                .map(|entry| Ok(entry.map_err(unreadable)?.file_name().to_string_lossy().into_owned()))
                .collect(),
        }
    }

    /// Renamed away first: a release is there whole or not at all, also while it goes.
    fn remove(&self, id: &ReleaseId) -> Result<(), ReleaseError> {
        let place = self.folder.join(id.as_str());
        let gone = self.folder.join(temporary_name(id));
        let write = |source| ReleaseError::Write { path: place.clone(), source };
        fs::rename(&place, &gone).map_err(write)?;
        fs::remove_dir_all(&gone).map_err(write)
    }

    fn remove_leftover(&self, name: &str) -> Result<(), ReleaseError> {
        let maker = name.strip_prefix(TEMPORARY).and_then(|rest| rest.split('-').next()?.parse::<u32>().ok());
        if maker.is_some_and(|pid| crate::process::ProcessId::of(pid).is_some()) {
            return Ok(());
        }
        let path = self.folder.join(name);
        fs::remove_dir_all(&path).map_err(|source| ReleaseError::Write { path, source })
    }
}

/// A release being built beside its place; what was not moved there is removed again.
#[derive(Debug)]
struct Building {
    folder: PathBuf,
}

impl Building {
    fn begin(store: &Path, id: &ReleaseId) -> Result<Self, ReleaseError> {
        let building = Self { folder: store.join(temporary_name(id)) };
        files::create_private_folder(&building.folder).map_err(|e| building.failed(e))?;
        Ok(building)
    }

    fn fill(&self, source: &ArtifactSource) -> Result<ContentHash, ReleaseError> {
        let into = self.folder.join(FILES);
        match source {
            ArtifactSource::Directory(path) => copy::folder(&copy::real_folder(path)?, &into)?,
            ArtifactSource::GitArchive { repo, rev } => copy::git_archive(repo, rev, &into)?,
            ArtifactSource::InPlace(path) => return Ok(hash::of_place(&copy::real_folder(path)?)),
        }
        content_hash(&into)
    }

    fn describe(&self, spec: &ReleaseSpec, hash: &ContentHash) -> Result<(), ReleaseError> {
        let text = serde_json::to_vec_pretty(spec).map_err(|e| self.failed(e.into()))?;
        let write = |name, bytes: &[u8]| files::replace(&self.folder.join(name), bytes, Survives::Crash);
        write(SPEC, &text).and_then(|()| write(HASH, hash.as_str().as_bytes())).map_err(|e| self.failed(e))
    }

    /// Durable before it has its name: after a power loss the name never stands for half a release.
    fn move_to(&self, place: &Path) -> Result<(), ReleaseError> {
        copy::sync_everything(&self.folder)
            .and_then(|()| fs::rename(&self.folder, place))
            .and_then(|()| files::sync_folder(place))
            .map_err(|e| self.failed(e))
    }

    fn failed(&self, source: std::io::Error) -> ReleaseError {
        ReleaseError::Write { path: self.folder.clone(), source }
    }
}

impl Drop for Building {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.folder);
    }
}

fn temporary_name(id: &ReleaseId) -> String {
    format!("{TEMPORARY}{}-{:08x}-{id}", std::process::id(), fastrand::u32(..))
}

fn check(spec: &ReleaseSpec) -> Result<(), ReleaseError> {
    let bad = |field, because| Err(ReleaseError::BadSpec { field, because });
    match spec {
        spec if spec.command.trim().is_empty() => bad("command", "is empty"),
        spec if spec.command.contains('\0') => bad("command", "holds a NUL character"),
        spec if spec.instances == 0 => bad("instances", "must be at least 1"),
        spec if !spec.health.path.starts_with('/') => bad("health path", "must start with /"),
        spec if spec.health.interval.is_zero() => bad("health interval", "must be longer than zero"),
        spec if spec.health.timeout.is_zero() => bad("health timeout", "must be longer than zero"),
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests;
