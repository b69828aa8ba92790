//! squawk as a process on one core.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Duration;

use crate::Failed;
use crate::cpu::of_children;

/// How often it is given each file in one run: the kernel counts in steps of 10 ms.
pub(crate) const TIMES: u32 = 10;

/// A squawk, and what it lints.
#[derive(Debug)]
pub(crate) struct Squawk<'a> {
    program: &'a Path,
    paths: Vec<PathBuf>,
}

impl<'a> Squawk<'a> {
    pub(crate) fn new(program: &'a Path, paths: Vec<PathBuf>) -> Self {
        Self { program, paths }
    }

    /// The CPU time of linting every file once, less what it takes to start.
    pub(crate) fn once(&self) -> Result<Duration, Failed> {
        let nothing = tempfile::Builder::new().suffix(".sql").tempfile()?;
        let start = self.run(&[nothing.path().to_owned()])?;
        let whole = self.run(&(0..TIMES).flat_map(|_| self.paths.clone()).collect::<Vec<_>>())?;
        Ok(whole.saturating_sub(start) / TIMES)
    }

    /// It ends with an error where it finds something, and is slow at showing sources: `gcc` shows none.
    fn run(&self, paths: &[PathBuf]) -> Result<Duration, Failed> {
        let before = of_children();
        let mut command = Command::new("taskset");
        command.args(["-c", "0"]).arg(self.program).args(["--pg-version=15", "--reporter=gcc"]).args(paths);
        command.stdout(Stdio::null()).stderr(Stdio::null());
        command.status().map_err(|why| format!("taskset {}: {why}", self.program.display()))?;
        Ok(of_children().saturating_sub(before))
    }
}
