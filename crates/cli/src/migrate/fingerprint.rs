//! What folders of migrations hold, in one hash.

use std::fmt::Write as _;
use std::fs;
use std::io;
use std::os::unix::ffi::OsStrExt as _;
use std::path::{Path, PathBuf};

use handover_rollout::{MigrationFiles, WorldError};
use sha2::{Digest as _, Sha256};

/// More folders in one another than any runner has; and a link to its own folder has no end.
const DEEPEST: usize = 16;

/// The files of a plan's migrations.
#[derive(Debug)]
pub(crate) struct Folders(pub(crate) Vec<PathBuf>);

impl MigrationFiles for Folders {
    fn fingerprint(&self) -> Result<String, WorldError> {
        fingerprint(&self.0).map_err(|(path, error)| {
            WorldError::refused(format!("{} cannot be read: {error}", path.display()))
        })
    }
}

/// Every file's name and content, in the order of their names.
///
/// # Errors
///
/// What cannot be read, and why.
pub(crate) fn fingerprint(folders: &[PathBuf]) -> Result<String, (PathBuf, io::Error)> {
    let mut hash = Sha256::new();
    for folder in folders {
        let files = files(folder)?;
        add_length(&mut hash, files.len());
        for file in files {
            let bytes = fs::read(&file).map_err(|error| (file.clone(), error))?;
            add(&mut hash, file.strip_prefix(folder).unwrap_or(&file).as_os_str().as_bytes());
            add(&mut hash, &bytes);
        }
    }
    Ok(format!("sha256:{}", hex(&hash.finalize())))
}

/// Every file below a folder, in the order of their names.
///
/// # Errors
///
/// What cannot be read, and why.
pub(super) fn files(folder: &Path) -> Result<Vec<PathBuf>, (PathBuf, io::Error)> {
    let mut files = Vec::new();
    collect(folder, 0, &mut files)?;
    files.sort();
    Ok(files)
}

/// Files below `folder`, links followed.
fn collect(folder: &Path, depth: usize, files: &mut Vec<PathBuf>) -> Result<(), (PathBuf, io::Error)> {
    let at = |error| (folder.to_owned(), error);
    for entry in fs::read_dir(folder).map_err(at)? {
        let path = entry.map_err(at)?.path();
        let metadata = fs::metadata(&path).map_err(|error| (path.clone(), error))?;
        if metadata.is_dir() && depth < DEEPEST {
            collect(&path, depth + 1, files)?;
        } else if metadata.is_file() {
            files.push(path);
        }
    }
    Ok(())
}

/// Its length first, so that no two lists run together to the same.
fn add(hash: &mut Sha256, bytes: &[u8]) {
    add_length(hash, bytes.len());
    hash.update(bytes);
}

fn add_length(hash: &mut Sha256, length: usize) {
    hash.update(u64::try_from(length).unwrap_or(u64::MAX).to_be_bytes());
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut text, byte| {
        // Writing to a String cannot fail.
        let _ = write!(text, "{byte:02x}");
        text
    })
}

#[cfg(test)]
mod tests {
    use tempfile::tempdir;

    use super::*;

    #[test]
    fn every_name_and_every_byte_counts_and_nothing_else_does() {
        let dir = tempdir().unwrap();
        let folders = [dir.path().join("m")];
        fs::create_dir_all(folders[0].join("1_a")).unwrap();
        let file = |name: &str, text: &str| fs::write(folders[0].join(name), text).unwrap();
        let now = || fingerprint(&folders).unwrap();
        file("1_a/migration.sql", "SELECT 1;");
        let first = now();
        assert_eq!(now(), first);
        file("1_a/migration.sql", "SELECT 2;");
        let second = now();
        file("2_b.sql", "");
        let third = now();
        fs::rename(folders[0].join("2_b.sql"), folders[0].join("2_c.sql")).unwrap();
        let all = [first.clone(), second, third, now()];
        assert!((1..4).all(|at| !all[..at].contains(&all[at])), "{all:?}");
        fs::remove_file(folders[0].join("2_c.sql")).unwrap();
        file("1_a/migration.sql", "SELECT 1;");
        assert_eq!(now(), first);
    }

    #[test]
    fn a_link_to_its_own_folder_comes_to_an_end() {
        let dir = tempdir().unwrap();
        std::os::unix::fs::symlink(dir.path(), dir.path().join("again")).unwrap();
        fs::write(dir.path().join("1_a.sql"), "SELECT 1;").unwrap();
        assert!(fingerprint(&[dir.path().to_owned()]).is_ok());
    }

    #[test]
    fn a_folder_that_is_gone_is_named() {
        let (path, error) = fingerprint(&["/nowhere/at/all".into()]).unwrap_err();
        assert_eq!((path, error.kind()), ("/nowhere/at/all".into(), io::ErrorKind::NotFound));
    }
}
