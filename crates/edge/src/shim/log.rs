//! The log of a child: bounded, whatever the child writes.

use std::fs::{self, File};
use std::io::{self, Read, Write as _};
use std::path::{Path, PathBuf};

/// A file that moves aside at its cap; one former file is kept, as `<name>.1`.
#[derive(Debug)]
pub(super) struct CappedLog {
    path: PathBuf,
    cap: u64,
    file: Option<File>,
    written: u64,
}

impl CappedLog {
    /// Appends to what is there.
    pub(super) fn open(path: PathBuf, cap: u64) -> io::Result<Self> {
        let file = append(&path)?;
        let written = file.metadata()?.len();
        Ok(Self { path, cap: cap.max(1), file: Some(file), written })
    }

    /// Writes, and moves the file aside first where it is full. A full disk loses log lines, never the service.
    fn write(&mut self, bytes: &[u8]) {
        if self.written >= self.cap || self.file.is_none() {
            self.rotate();
        }
        if let Some(file) = &mut self.file
            && file.write_all(bytes).is_ok()
        {
            self.written += bytes.len() as u64;
        }
    }

    fn rotate(&mut self) {
        if self.written > 0 {
            let _ = fs::rename(&self.path, former(&self.path));
        }
        self.file = append(&self.path).ok();
        self.written = 0;
    }
}

/// Copies everything from `from` to the log until its end.
pub(super) fn pump(mut from: impl Read, mut log: CappedLog) {
    // A piece is never larger than the cap, so the file never is much more than that.
    let size = usize::try_from(log.cap).unwrap_or(usize::MAX).min(16 * 1024);
    let mut buffer = vec![0; size];
    loop {
        match from.read(&mut buffer) {
            Ok(0) => return,
            Ok(read) => log.write(buffer.get(..read).unwrap_or_default()),
            Err(e) if e.kind() == io::ErrorKind::Interrupted => {}
            Err(_) => return,
        }
    }
}

fn append(path: &Path) -> io::Result<File> {
    use std::os::unix::fs::OpenOptionsExt as _;
    fs::OpenOptions::new().append(true).create(true).mode(0o600).open(path)
}

fn former(path: &Path) -> PathBuf {
    let mut name = path.file_name().unwrap_or_default().to_owned();
    name.push(".1");
    path.with_file_name(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_chatty_child_keeps_two_files_within_twice_the_cap_and_loses_no_recent_line() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("log");
        let text = (0..2_000).map(|n| format!("line {n}")).collect::<Vec<_>>().join("\n");
        pump(text.as_bytes(), CappedLog::open(path.clone(), 1_000).unwrap());
        let (old, new) = (fs::read_to_string(former(&path)).unwrap(), fs::read_to_string(&path).unwrap());
        assert!(old.len() <= 2_000 && new.len() <= 2_000, "{} {}", old.len(), new.len());
        assert!(text.ends_with(&(old + &new)));
    }

    #[test]
    fn a_disk_that_takes_nothing_does_not_stop_the_child() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("log");
        std::os::unix::fs::symlink("/dev/full", &path).unwrap();
        // Returning at all is what is asked.
        pump("lost\n".repeat(100_000).as_bytes(), CappedLog::open(path, 1_000).unwrap());
    }
}
