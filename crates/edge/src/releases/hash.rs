use std::fmt::{self, Write as _};
use std::fs::{self, File};
use std::io::Read as _;
use std::os::unix::ffi::OsStrExt as _;
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;

use sha2::{Digest, Sha256};

use super::ReleaseError;

/// Names the content of a folder: SHA-256 over names, kinds, execute bits and bytes, in hex.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct ContentHash(String);

impl ContentHash {
    /// All 64 digits.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The first 12 digits: enough to name a release by.
    pub fn short(&self) -> &str {
        self.0.get(..12).unwrap_or(&self.0)
    }
}

impl fmt::Display for ContentHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

/// Hashes what `folder` holds: the same for a copy of it, whatever the times and owners of its files.
///
/// # Errors
///
/// [`ReleaseError::Unreadable`] or [`ReleaseError::Special`] naming the entry.
pub fn content_hash(folder: &Path) -> Result<ContentHash, ReleaseError> {
    let mut hasher = Sha256::new();
    add_folder(&mut hasher, folder, Path::new(""))?;
    Ok(finish(hasher))
}

/// The hash that stands for a folder used where it lies: its content may change, its place may not.
pub(super) fn of_place(folder: &Path) -> ContentHash {
    let mut hasher = Sha256::new();
    add_part(&mut hasher, b"in place");
    add_part(&mut hasher, folder.as_os_str().as_bytes());
    finish(hasher)
}

fn add_folder(hasher: &mut Sha256, folder: &Path, under: &Path) -> Result<(), ReleaseError> {
    for entry in super::copy::sorted_entries(folder)? {
        let path = entry.path();
        let unreadable = |source| ReleaseError::Unreadable { path: path.clone(), source };
        let name = under.join(entry.file_name());
        let kind = entry.file_type().map_err(unreadable)?;
        add_part(hasher, name.as_os_str().as_bytes());
        if kind.is_dir() {
            add_part(hasher, b"folder");
            add_folder(hasher, &path, &name)?;
        } else if kind.is_symlink() {
            add_part(hasher, b"link");
            add_part(hasher, fs::read_link(&path).map_err(unreadable)?.as_os_str().as_bytes());
        } else if kind.is_file() {
            add_file(hasher, &path).map_err(unreadable)?;
        } else {
            return Err(ReleaseError::Special { path });
        }
    }
    Ok(())
}

fn add_file(hasher: &mut Sha256, path: &Path) -> std::io::Result<()> {
    let mut file = File::open(path)?;
    let meta = file.metadata()?;
    let executable = meta.permissions().mode() & 0o100 != 0;
    add_part(hasher, if executable { b"program" } else { b"file" });
    hasher.update(meta.len().to_le_bytes());
    let mut buffer = vec![0; 64 * 1024];
    loop {
        let read = file.read(&mut buffer)?;
        if read == 0 {
            return Ok(());
        }
        hasher.update(buffer.get(..read).unwrap_or_default());
    }
}

/// The length goes first, so that no two different folders feed the same bytes.
fn add_part(hasher: &mut Sha256, part: &[u8]) {
    hasher.update((part.len() as u64).to_le_bytes());
    hasher.update(part);
}

fn finish(hasher: Sha256) -> ContentHash {
    ContentHash(to_hex(&hasher.finalize()))
}

/// Bytes as lower-case hex digits.
pub(crate) fn to_hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::with_capacity(bytes.len() * 2), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}
