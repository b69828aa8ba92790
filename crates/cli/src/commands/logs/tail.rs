//! A log file that is moved aside when it is full: its last lines, and what is written from then on.

use std::fs::{self, File};
use std::io::{self, Read as _, Seek as _, SeekFrom};
use std::os::unix::fs::MetadataExt as _;
use std::path::{Path, PathBuf};

/// The first look back; twice as far each time that it was not enough.
const STEP: u64 = 64 * 1024;

/// A line this long is shown in pieces, so that a process that never ends its line fills no memory.
const LONGEST: usize = 64 * 1024;

/// Reads a log from its last lines on.
#[derive(Debug)]
pub(super) struct Tail {
    path: PathBuf,
    file: Option<File>,
    /// Read, but without an end of line yet.
    partial: Vec<u8>,
    /// Lines to begin with.
    begin: Vec<String>,
}

impl Tail {
    /// Begins with the last `lines` lines of the log, those moved aside included. A log that is not there yet is
    /// waited for.
    pub(super) fn open(path: &Path, lines: usize) -> Self {
        let mut tail = Self { path: path.to_owned(), file: None, partial: Vec::new(), begin: Vec::new() };
        if let Ok(mut file) = File::open(path) {
            let last = last_bytes(&mut file, lines).unwrap_or_default();
            tail.file = Some(file);
            tail.begin = tail.split(&last);
        }
        let missing = lines.saturating_sub(tail.begin.len());
        if missing > 0
            && let Ok(mut former) = File::open(path.with_extension("1"))
        {
            let older = lines_of(&last_bytes(&mut former, missing).unwrap_or_default());
            let older = older.into_iter().rev().take(missing).rev();
            tail.begin = older.chain(std::mem::take(&mut tail.begin)).collect();
        }
        let surplus = tail.begin.len().saturating_sub(lines);
        tail.begin.drain(..surplus);
        tail
    }

    /// The lines since the last call; with `rest` also one that has no end yet.
    pub(super) fn read(&mut self, rest: bool) -> Vec<String> {
        let mut lines = std::mem::take(&mut self.begin);
        lines.extend(self.read_on());
        if self.was_moved_aside() {
            // What was written between the two looks is still in the old file.
            lines.extend(self.read_on());
            self.file = File::open(&self.path).ok();
            lines.extend(self.read_on());
        }
        if rest && !self.partial.is_empty() {
            lines.push(text(&std::mem::take(&mut self.partial)));
        }
        lines
    }

    /// What is unreadable for a moment is tried again at the next look.
    fn read_on(&mut self) -> Vec<String> {
        let mut bytes = Vec::new();
        if let Some(file) = &mut self.file {
            let _ = file.read_to_end(&mut bytes);
        }
        self.split(&bytes)
    }

    fn was_moved_aside(&self) -> bool {
        let Ok(there) = fs::metadata(&self.path) else { return false };
        let ours = self.file.as_ref().and_then(|file| file.metadata().ok());
        ours.is_none_or(|ours| (ours.dev(), ours.ino()) != (there.dev(), there.ino()))
    }

    /// Cuts what was read into lines; a piece of one waits for its end.
    fn split(&mut self, bytes: &[u8]) -> Vec<String> {
        self.partial.extend_from_slice(bytes);
        let end = self.partial.iter().rposition(|&byte| byte == b'\n').map_or(0, |at| at + 1);
        let whole: Vec<u8> = self.partial.drain(..end).collect();
        let mut lines = lines_of(&whole);
        if self.partial.len() > LONGEST {
            lines.push(text(&std::mem::take(&mut self.partial)));
        }
        lines
    }
}

/// The end of a file, from far enough back to hold `lines` lines; the file is at its end then.
fn last_bytes(file: &mut File, lines: usize) -> io::Result<Vec<u8>> {
    let length = file.metadata()?.len();
    let mut back = STEP;
    loop {
        let from = length.saturating_sub(back);
        file.seek(SeekFrom::Start(from))?;
        let mut bytes = Vec::new();
        file.read_to_end(&mut bytes)?;
        let whole = bytes.split(|&byte| byte == b'\n').count().saturating_sub(1);
        if from == 0 {
            return Ok(bytes);
        }
        if whole > lines {
            // The first line is cut: more than enough follow it.
            let first = bytes.iter().position(|&byte| byte == b'\n').map_or(0, |at| at + 1);
            return Ok(bytes.split_off(first));
        }
        back = back.saturating_mul(2);
    }
}

fn lines_of(bytes: &[u8]) -> Vec<String> {
    let lines = bytes.split_inclusive(|&byte| byte == b'\n');
    lines.map(|line| text(line.strip_suffix(b"\n").unwrap_or(line))).collect()
}

/// A log may hold anything; a line of it is shown all the same.
fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes.strip_suffix(b"\r").unwrap_or(bytes)).into_owned()
}
