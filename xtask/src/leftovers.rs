//! Processes that outlive the tests and soaks which started them, found by a mark in their environment.
//!
//! A test that is killed cannot clean up after itself, and releases run in sessions of their own, so killing a
//! process group would miss them. What a process inherits from the test run, on the other hand, stays with it.

use std::ffi::OsString;
use std::fs;

use crate::command::Cmd;
use crate::say;

const NAME: &str = "HANDOVER_TEST_RUN";

/// A mark that the processes of one run carry, and no other process.
#[derive(Debug)]
pub(crate) struct Mark(String);

/// A process that carries the mark.
#[derive(Debug)]
struct Leftover {
    pid: String,
    line: String,
}

impl Mark {
    pub(crate) fn new() -> Self {
        Self(std::process::id().to_string())
    }

    /// The command, so that everything it starts carries the mark.
    pub(crate) fn on(&self, cmd: Cmd) -> Cmd {
        cmd.env(NAME, &self.0)
    }

    /// Names and kills what still runs; a second look catches what a killed parent had just started.
    pub(crate) fn sweep(&self) {
        for _ in 0..2 {
            self.left().iter().for_each(Leftover::kill);
        }
    }

    fn left(&self) -> Vec<Leftover> {
        let entry = OsString::from(format!("{NAME}={}", self.0)).into_encoded_bytes();
        let Ok(processes) = fs::read_dir("/proc") else { return Vec::new() };
        processes.flatten().filter_map(|process| Leftover::of(&process, &entry)).collect()
    }
}

impl Leftover {
    fn of(process: &fs::DirEntry, entry: &[u8]) -> Option<Self> {
        let pid = process.file_name().into_string().ok()?;
        let environment = fs::read(process.path().join("environ")).ok()?;
        if !environment.split(|byte| *byte == 0).any(|variable| variable == entry) {
            return None;
        }
        let line = fs::read(process.path().join("cmdline")).ok()?;
        Some(Self { pid, line: String::from_utf8_lossy(&line).replace('\0', " ") })
    }

    fn kill(&self) {
        say::note(format_args!("left behind, killed: {} (process {})", self.line.trim(), self.pid));
        // It may have ended by itself in the meantime, which is just as well.
        let _ = Cmd::new("sh").args(["-c", "kill -9 \"$0\"", &self.pid]).works();
    }
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use std::process::{Command, Stdio};

    use super::*;

    #[test]
    fn only_what_carries_the_mark_is_killed() {
        let mark = Mark(format!("test-{}", std::process::id()));
        let sleeper = || Command::new("sleep").arg("60").stdin(Stdio::null()).spawn().unwrap();
        let mut stranger = sleeper();
        let mut marked = Command::new("sleep").arg("60").env(NAME, &mark.0).spawn().unwrap();
        // A process is there a moment before its environment can be read.
        while mark.left().is_empty() {
            std::thread::yield_now();
        }

        mark.sweep();

        assert!(!marked.wait().unwrap().success());
        assert!(stranger.try_wait().unwrap().is_none(), "a stranger was killed");
        stranger.kill().unwrap();
        stranger.wait().unwrap();
    }
}
