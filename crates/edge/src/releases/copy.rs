//! Getting an artefact's files into a folder of the store.

use std::fs::{self, DirEntry};
use std::io;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use super::ReleaseError;

/// The folder `path` stands for, free of links.
pub(super) fn real_folder(path: &Path) -> Result<PathBuf, ReleaseError> {
    let real = path.canonicalize().map_err(|source| match source.kind() {
        io::ErrorKind::NotFound => ReleaseError::Missing { path: path.to_owned() },
        _ => ReleaseError::Unreadable { path: path.to_owned(), source },
    })?;
    if real.is_dir() { Ok(real) } else { Err(ReleaseError::NotAFolder { path: real }) }
}

/// What `folder` holds, in an order that does not depend on the file system.
pub(super) fn sorted_entries(folder: &Path) -> Result<Vec<DirEntry>, ReleaseError> {
    let unreadable = |source| ReleaseError::Unreadable { path: folder.to_owned(), source };
    let entries = fs::read_dir(folder).map_err(unreadable)?;
    let mut entries = entries.collect::<io::Result<Vec<_>>>().map_err(unreadable)?;
    entries.sort_by_key(DirEntry::file_name);
    Ok(entries)
}

/// Copies a folder. Links are kept as they are and never followed: what they point at is not the artefact's.
pub(super) fn folder(from: &Path, into: &Path) -> Result<(), ReleaseError> {
    let written = |source| ReleaseError::Write { path: into.to_owned(), source };
    fs::create_dir(into).map_err(written)?;
    for entry in sorted_entries(from)? {
        let (path, target) = (entry.path(), into.join(entry.file_name()));
        let unreadable = |source| ReleaseError::Unreadable { path: path.clone(), source };
        let kind = entry.file_type().map_err(unreadable)?;
        if kind.is_dir() {
            folder(&path, &target)?;
        } else if kind.is_symlink() {
            symlink(fs::read_link(&path).map_err(unreadable)?, &target).map_err(written)?;
        } else if kind.is_file() {
            file(&path, &target)?;
        } else {
            return Err(ReleaseError::Special { path });
        }
    }
    Ok(())
}

/// `fs::copy` keeps the permissions; opening the source first tells a read error from a full disk.
fn file(from: &Path, into: &Path) -> Result<(), ReleaseError> {
    fs::File::open(from).map_err(|source| ReleaseError::Unreadable { path: from.to_owned(), source })?;
    fs::copy(from, into).map(drop).map_err(|source| ReleaseError::Write { path: into.to_owned(), source })
}

/// Unpacks a commit as `git archive` writes it: what `export-ignore` names stays out.
pub(super) fn git_archive(repo: &Path, rev: &str, into: &Path) -> Result<(), ReleaseError> {
    let failed = |source| ReleaseError::Archive { repo: repo.to_owned(), rev: rev.to_owned(), source };
    fs::create_dir(into).map_err(|source| ReleaseError::Write { path: into.to_owned(), source })?;
    // Resolved first, so that a name that begins with a dash is never an option.
    let wanted = format!("{rev}^{{commit}}");
    let commit = git(repo, &["rev-parse", "--verify", "--quiet", "--end-of-options", &wanted])
        .map_err(|_| failed("it names no commit there".into()))?;
    let tar = into.with_extension("tar");
    let tar_name = tar.to_string_lossy();
    git(repo, &["archive", "--format=tar", "-o", &tar_name, commit.trim()]).map_err(failed)?;
    let mut unpack = Command::new("tar");
    unpack.arg("-xf").arg(&tar).arg("-C").arg(into);
    output(&mut unpack).map_err(failed)?;
    fs::remove_file(&tar).map_err(|source| ReleaseError::Write { path: tar, source })
}

fn git(repo: &Path, args: &[&str]) -> Result<String, handover_traffic::BoxError> {
    output(Command::new("git").arg("-C").arg(repo).args(args))
}

fn output(command: &mut Command) -> Result<String, handover_traffic::BoxError> {
    let done = command
        .stdin(Stdio::null())
        .output()
        .map_err(|e| format!("cannot run {}: {e}", command.get_program().to_string_lossy()))?;
    if done.status.success() {
        return Ok(String::from_utf8_lossy(&done.stdout).into_owned());
    }
    let said = String::from_utf8_lossy(&done.stderr);
    Err(said.lines().next().unwrap_or("it failed without a word").to_owned().into())
}

/// Writes everything on the file system of `folder` to its disk: one call instead of one per file.
pub(super) fn sync_everything(folder: &Path) -> io::Result<()> {
    #[cfg(target_os = "linux")]
    return Ok(rustix::fs::syncfs(fs::File::open(folder)?)?);
    #[cfg(not(target_os = "linux"))]
    return fs::File::open(folder)?.sync_all();
}
