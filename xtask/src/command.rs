use std::ffi::{OsStr, OsString};
use std::fmt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::time::Duration;

use crate::failed::{Failed, Outcome};
use crate::say;

/// How often a command with a limit is looked at.
const LOOK: Duration = Duration::from_millis(50);

/// One command line: printed as it could be typed, then run with no standard input.
#[derive(Debug, Clone)]
pub(crate) struct Cmd {
    program: OsString,
    args: Vec<OsString>,
    env: Vec<(&'static str, OsString)>,
    dir: Option<PathBuf>,
}

impl Cmd {
    pub(crate) fn new(program: impl AsRef<OsStr>) -> Self {
        Self { program: program.as_ref().to_owned(), args: Vec::new(), env: Vec::new(), dir: None }
    }

    /// The cargo that runs this very command, so that both use one toolchain.
    pub(crate) fn cargo() -> Self {
        Self::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()))
    }

    pub(crate) fn arg(mut self, arg: impl AsRef<OsStr>) -> Self {
        self.args.push(arg.as_ref().to_owned());
        self
    }

    pub(crate) fn args<A: AsRef<OsStr>>(mut self, args: impl IntoIterator<Item = A>) -> Self {
        self.args.extend(args.into_iter().map(|arg| arg.as_ref().to_owned()));
        self
    }

    pub(crate) fn env(mut self, name: &'static str, value: impl AsRef<OsStr>) -> Self {
        self.env.push((name, value.as_ref().to_owned()));
        self
    }

    pub(crate) fn dir(mut self, dir: &Path) -> Self {
        self.dir = Some(dir.to_owned());
        self
    }

    /// Runs it in view; an error where it cannot start or ends badly.
    pub(crate) fn run(&self) -> Outcome {
        say::command(self);
        let status = self.spawn(&mut self.command())?.wait().map_err(|why| self.broken(&why))?;
        self.judge(status.success(), &status)
    }

    /// Runs it in view, and ends it after `limit`.
    pub(crate) fn run_within(&self, limit: Duration) -> Outcome {
        say::command(self);
        let mut child = self.spawn(&mut self.command())?;
        let mut waited = Duration::ZERO;
        loop {
            if let Some(status) = child.try_wait().map_err(|why| self.broken(&why))? {
                return self.judge(status.success(), &status);
            }
            if waited >= limit {
                let _ = child.kill().and_then(|()| child.wait());
                return Err(Failed::new(format!("`{self}` took longer than {} s", limit.as_secs())));
            }
            std::thread::sleep(LOOK);
            waited += LOOK;
        }
    }

    /// Runs it unseen and returns what it printed; an error carries what it complained about.
    pub(crate) fn read(&self) -> Outcome<String> {
        let output = self.captured()?;
        let complaint = String::from_utf8_lossy(&output.stderr);
        self.judge(output.status.success(), &format_args!("{}\n{}", output.status, complaint.trim_end()))?;
        String::from_utf8(output.stdout).map_err(|why| self.broken(&why))
    }

    /// Whether it starts and ends well, unseen.
    pub(crate) fn works(&self) -> bool {
        self.captured().is_ok_and(|output| output.status.success())
    }

    fn captured(&self) -> Outcome<Output> {
        self.command().output().map_err(|why| self.broken(&why))
    }

    fn spawn(&self, command: &mut Command) -> Outcome<Child> {
        command.spawn().map_err(|why| self.broken(&why))
    }

    fn command(&self) -> Command {
        let mut command = Command::new(&self.program);
        command.args(&self.args).envs(self.env.iter().cloned()).stdin(Stdio::null());
        if let Some(dir) = &self.dir {
            command.current_dir(dir);
        }
        command
    }

    fn judge(&self, well: bool, how: &dyn fmt::Display) -> Outcome {
        if well { Ok(()) } else { Err(Failed::new(format!("`{self}` ended with {how}"))) }
    }

    fn broken(&self, why: &dyn fmt::Display) -> Failed {
        Failed::new(format!("`{self}` did not run: {why}"))
    }
}

impl fmt::Display for Cmd {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (name, value) in &self.env {
            write!(f, "{name}={} ", quoted(value))?;
        }
        let name = Path::new(&self.program).file_name().unwrap_or(&self.program);
        write!(f, "{}", quoted(name))?;
        self.args.iter().try_for_each(|arg| write!(f, " {}", quoted(arg)))
    }
}

/// The word as a shell takes it.
fn quoted(word: &OsStr) -> String {
    let word = word.to_string_lossy();
    let plain = |c: char| c.is_ascii_alphanumeric() || "-_./=:,+@%".contains(c);
    if !word.is_empty() && word.chars().all(plain) {
        return word.into_owned();
    }
    format!("'{}'", word.replace('\'', r"'\''"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_command_is_shown_as_it_could_be_typed() {
        let cmd = Cmd::new("/usr/bin/cargo").args(["doc", "it's", ""]).env("RUSTDOCFLAGS", "-D warnings");
        assert_eq!(cmd.to_string(), r"RUSTDOCFLAGS='-D warnings' cargo doc 'it'\''s' ''");
    }

    #[test]
    fn an_error_names_the_command_that_failed() {
        let failed = Cmd::new("sh").args(["-c", "echo no such file >&2; exit 3"]).read().unwrap_err();
        assert_eq!(
            failed.to_string(),
            "`sh -c 'echo no such file >&2; exit 3'` ended with exit status: 3\nno such file"
        );
        let failed = Cmd::new("/nowhere/tool").run().unwrap_err().to_string();
        assert!(failed.starts_with("`tool` did not run: "), "{failed}");
    }

    #[test]
    fn a_command_past_its_limit_is_ended() {
        let failed = Cmd::new("sleep").arg("60").run_within(Duration::ZERO).unwrap_err();
        assert_eq!(failed.to_string(), "`sleep 60` took longer than 0 s");
    }
}
