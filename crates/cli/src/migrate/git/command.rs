//! Running git so that neither what was typed nor what a repository says makes it do anything else.

use std::ffi::OsStr;
use std::path::Path;
use std::process::{Command, Output, Stdio};

use super::GitError;

/// Set for every call: paths are no patterns, nothing is asked, and no program of the repository's choice is run.
const SAFELY: [&str; 8] = [
    "--no-pager",
    "--literal-pathspecs",
    "--no-optional-locks",
    "-c",
    "core.fsmonitor=false",
    "-c",
    "core.hooksPath=/dev/null",
    "-C",
];

/// What git answered.
pub(super) struct Answer {
    pub(super) good: bool,
    pub(super) out: Vec<u8>,
    err: String,
}

/// Runs git in `folder`.
pub(super) fn git<A: AsRef<OsStr>>(folder: &Path, args: &[A], paths: &[&Path]) -> Result<Answer, GitError> {
    let mut command = Command::new("git");
    command.args(SAFELY).arg(folder).args(args);
    if !paths.is_empty() {
        command.arg("--").args(paths);
    }
    command.env("LC_ALL", "C").env("GIT_TERMINAL_PROMPT", "0").stdin(Stdio::null());
    let Output { status, stdout, stderr } = command.output().map_err(GitError::NotRun)?;
    Ok(Answer { good: status.success(), out: stdout, err: String::from_utf8_lossy(&stderr).into_owned() })
}

impl Answer {
    /// What it printed, where it succeeded.
    pub(super) fn bytes(self) -> Result<Vec<u8>, GitError> {
        if self.good { Ok(self.out) } else { Err(self.said()) }
    }

    /// Its first line, where it succeeded.
    pub(super) fn line(self) -> Result<String, GitError> {
        let bytes = self.bytes()?;
        Ok(String::from_utf8_lossy(&bytes).lines().next().unwrap_or_default().to_owned())
    }

    /// Whether it complains that this is no repository.
    pub(super) fn is_no_repository(&self) -> bool {
        !self.good && self.err.contains("not a git repository")
    }

    /// What it complains about.
    pub(super) fn said(self) -> GitError {
        let line =
            self.err.lines().find(|line| !line.trim().is_empty()).unwrap_or("it failed without a word");
        GitError::Said(line.trim_start_matches("fatal: ").to_owned())
    }
}
