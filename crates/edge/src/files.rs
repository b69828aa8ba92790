//! Files that are either the old one or the new one, whatever happens in between.

use std::fs::{self, File};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

/// What a replacement has to survive.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Survives {
    /// The end of this process at any instruction: temporary file and rename.
    Crash,
    /// The end of power as well: both synced to the disk, and the folder too.
    PowerLoss,
}

/// Replaces `path` with `bytes` at one instant; nothing is left behind after an error.
pub(crate) fn replace(path: &Path, bytes: &[u8], survives: Survives) -> io::Result<()> {
    let temporary = temporary_beside(path);
    let written = write_new(&temporary, bytes, survives).and_then(|()| fs::rename(&temporary, path));
    if let Err(e) = written {
        let _ = fs::remove_file(&temporary);
        return Err(e);
    }
    match survives {
        Survives::Crash => Ok(()),
        Survives::PowerLoss => sync_folder(path),
    }
}

/// Makes the names in the folder of `path` durable.
pub(crate) fn sync_folder(path: &Path) -> io::Result<()> {
    let folder = path.parent().filter(|p| !p.as_os_str().is_empty()).unwrap_or(Path::new("."));
    File::open(folder)?.sync_all()
}

/// Creates `path` and the folders above it, all for the owner's eyes only.
pub(crate) fn create_private_folder(path: &Path) -> io::Result<()> {
    use std::os::unix::fs::DirBuilderExt as _;
    fs::DirBuilder::new().recursive(true).mode(0o700).create(path)
}

/// The folders directly in `path`; none where it cannot be read.
pub(crate) fn folders_in(path: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(path).into_iter().flatten().flatten();
    entries.map(|entry| entry.path()).filter(|path| path.is_dir()).collect()
}

/// When the folder last gained or lost an entry.
pub(crate) fn changed_at(path: &Path) -> Option<std::time::SystemTime> {
    fs::metadata(path).and_then(|meta| meta.modified()).ok()
}

/// Takes a folder away from everybody but its owner.
pub(crate) fn make_private(path: &Path) -> io::Result<()> {
    use std::os::unix::fs::PermissionsExt as _;
    fs::set_permissions(path, fs::Permissions::from_mode(0o700))
}

fn write_new(path: &Path, bytes: &[u8], survives: Survives) -> io::Result<()> {
    use std::os::unix::fs::OpenOptionsExt as _;
    let mut file = fs::OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(path)?;
    file.write_all(bytes)?;
    match survives {
        Survives::Crash => Ok(()),
        Survives::PowerLoss => file.sync_all(),
    }
}

fn temporary_beside(path: &Path) -> PathBuf {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    path.with_file_name(format!(".{name}.tmp-{}", std::process::id()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_replacement_that_fails_leaves_the_old_file_and_nothing_else() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("kept");
        replace(&path, b"old", Survives::PowerLoss).unwrap();
        // The temporary name is taken by a folder: writing must fail whoever runs the test.
        fs::create_dir(temporary_beside(&path)).unwrap();
        assert!(replace(&path, b"new", Survives::PowerLoss).is_err());
        assert_eq!(fs::read(&path).unwrap(), b"old");
    }
}
