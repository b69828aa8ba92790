use std::io::{Error, ErrorKind};
use std::path::{Path, PathBuf};
use std::{fs, io};

use crate::store::{BoxError, StoreError};

/// A chain of links longer than this is a circle.
const LINKS: usize = 40;

/// Where a file store is, by the path that it was given.
#[derive(Debug, Clone)]
pub(super) struct Place {
    path: PathBuf,
}

/// Where it is at this moment, with everything beside it: links may be turned at any time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Files {
    /// The file itself, behind every link.
    pub(super) file: PathBuf,
    /// Its folder.
    pub(super) folder: PathBuf,
}

impl Files {
    fn beside(&self, before: &str, after: &str) -> PathBuf {
        let name = self.file.file_name().unwrap_or_default().to_string_lossy();
        self.folder.join(format!("{before}{name}{after}"))
    }

    /// Held by whoever changes the file.
    pub(super) fn lock(&self) -> PathBuf {
        self.beside("", ".lock")
    }

    /// Who changed what, a line each.
    pub(super) fn audit(&self) -> PathBuf {
        self.beside("", ".audit.jsonl")
    }

    /// The next file, until it takes the file's place. One name, so that killed writers leave at most one behind.
    pub(super) fn next(&self) -> PathBuf {
        self.beside(".", ".next")
    }
}

impl Place {
    pub(super) fn new(path: &Path) -> Self {
        // An absolute path stays right when the process changes its folder.
        Self { path: std::path::absolute(path).unwrap_or_else(|_| path.to_owned()) }
    }

    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    /// What it is called in messages.
    pub(super) fn name(&self) -> String {
        format!("the file {}", self.path.to_string_lossy().escape_debug())
    }

    /// Follows the links to the file, which need not be there; its folder must.
    pub(super) fn files(&self) -> Result<Files, StoreError> {
        let hops = self.hops().map_err(|error| self.unread(error))?;
        let file = hops.last().unwrap_or(&self.path);
        let folder = folder_of(file);
        match folder.canonicalize() {
            Ok(folder) => Ok(Files { file: folder.join(file.file_name().unwrap_or_default()), folder }),
            Err(error) => Err(self.unread(in_folder(&folder, &error))),
        }
    }

    /// The folders in which something happens when the file, or a link on the way to it, is changed.
    pub(super) fn folders(&self) -> Vec<PathBuf> {
        let hops = self.hops().unwrap_or_else(|_| vec![self.path.clone()]);
        let mut folders: Vec<_> = hops.iter().filter_map(|hop| folder_of(hop).canonicalize().ok()).collect();
        folders.sort_unstable();
        folders.dedup();
        folders
    }

    /// The path, and where each link on the way points.
    fn hops(&self) -> io::Result<Vec<PathBuf>> {
        let mut hops = vec![self.path.clone()];
        let mut at = self.path.clone();
        while let Ok(to) = fs::read_link(&at) {
            at = folder_of(&at).join(to);
            hops.push(at.clone());
            if hops.len() > LINKS {
                return Err(Error::other("its links go round in a circle"));
            }
        }
        Ok(hops)
    }

    pub(super) fn damaged(&self, source: impl Into<BoxError>) -> StoreError {
        StoreError::Damaged { store: self.name(), source: source.into() }
    }

    pub(super) fn refused(&self, source: impl Into<BoxError>) -> StoreError {
        StoreError::Refused { store: self.name(), source: source.into() }
    }

    pub(super) fn unreachable(&self, source: impl Into<BoxError>) -> StoreError {
        StoreError::Unreachable { store: self.name(), source: source.into() }
    }

    pub(super) fn unconfirmed(&self, source: impl Into<BoxError>) -> StoreError {
        StoreError::Unconfirmed { store: self.name(), source: source.into() }
    }

    /// What cannot be read: by nobody, or by this process.
    pub(super) fn unread(&self, error: Error) -> StoreError {
        match error.kind() {
            ErrorKind::PermissionDenied => self.refused(error),
            _ => self.unreachable(error),
        }
    }

    /// What cannot be written, by its path.
    pub(super) fn unwritten(&self, path: &Path, error: &Error) -> StoreError {
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        self.refused(format!("`{}` beside it cannot be written: {error}", name.escape_debug()))
    }
}

/// A path of one part lies in this folder.
fn folder_of(path: &Path) -> PathBuf {
    match path.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder.to_owned(),
        _ => PathBuf::from("."),
    }
}

fn in_folder(folder: &Path, error: &Error) -> Error {
    Error::new(error.kind(), format!("its folder {}: {error}", folder.to_string_lossy().escape_debug()))
}
