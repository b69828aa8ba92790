use std::ffi::{OsStr, OsString};
use std::fmt;
use std::path::PathBuf;
use std::process::Stdio;
use std::time::Duration;

use tokio::process::Command;

/// How long a call may last unless said otherwise: control planes answer within seconds, if at all.
const TIMEOUT: Duration = Duration::from_secs(30);

/// Words in a variable's name by which it is taken for a secret.
const SECRET: [&str; 6] = ["TOKEN", "SECRET", "PASSWORD", "PASSWD", "CREDENTIAL", "KEY"];

/// A program with its arguments: started directly, no shell reads it.
///
/// It sees this process's environment but for variables whose names look like secrets (`TOKEN`, `SECRET`,
/// `PASSWORD`, `PASSWD`, `CREDENTIAL`, `KEY` in any part). What it needs of those it is given by name with
/// [`Program::with_env`]; their values are shown nowhere, and are blotted out of what it writes to standard error.
#[derive(Clone)]
pub struct Program {
    argv: Vec<OsString>,
    folder: Option<PathBuf>,
    env: Vec<(String, String)>,
    pub(super) timeout: Duration,
}

impl Program {
    /// This program, looked for on the path if it is a bare name.
    pub fn new(program: impl Into<OsString>) -> Self {
        Self { argv: vec![program.into()], folder: None, env: Vec::new(), timeout: TIMEOUT }
    }

    /// The same with one more argument.
    #[must_use]
    pub fn with_arg(mut self, argument: impl Into<OsString>) -> Self {
        self.argv.push(argument.into());
        self
    }

    /// The same in this working directory.
    #[must_use]
    pub fn in_folder(mut self, folder: impl Into<PathBuf>) -> Self {
        self.folder = Some(folder.into());
        self
    }

    /// The same with this variable in its environment, secret or not.
    #[must_use]
    pub fn with_env(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.env.push((name.into(), value.into()));
        self
    }

    /// The same, killed when a call lasts longer than this; a drain has its own limit on top. 30 s unless said.
    #[must_use]
    pub const fn with_timeout(mut self, timeout: Duration) -> Self {
        self.timeout = timeout;
        self
    }

    /// The program itself, for messages: arguments may be secrets.
    pub(super) fn shown(&self) -> std::path::Display<'_> {
        std::path::Path::new(&self.argv[0]).display()
    }

    pub(super) fn command(&self) -> Command {
        let (program, arguments) = self.argv.split_first().map_or((OsStr::new(""), &[][..]), |(p, a)| (p, a));
        let mut command = Command::new(program);
        command.args(arguments).process_group(0);
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        for (name, _) in std::env::vars_os().filter(|(name, _)| looks_secret(name)) {
            command.env_remove(name);
        }
        command.envs(self.env.iter().map(|(name, value)| (name, value)));
        if let Some(folder) = &self.folder {
            command.current_dir(folder);
        }
        command
    }

    /// `text` without the values it was given.
    pub(super) fn blotted(&self, text: &str) -> String {
        let values = self.env.iter().map(|(_, value)| value).filter(|value| !value.is_empty());
        values.fold(text.to_owned(), |text, value| text.replace(value.as_str(), "[hidden]"))
    }
}

fn looks_secret(name: &OsStr) -> bool {
    let name = name.to_string_lossy().to_ascii_uppercase();
    SECRET.iter().any(|word| name.contains(word))
}

impl fmt::Debug for Program {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names: Vec<&String> = self.env.iter().map(|(name, _)| name).collect();
        f.debug_struct("Program")
            .field("argv", &self.argv)
            .field("folder", &self.folder)
            .field("env", &names)
            .field("timeout", &self.timeout)
            .finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_variable_is_taken_for_a_secret_by_any_part_of_its_name() {
        for name in ["RAILWAY_TOKEN", "db_password", "AWS_SECRET_ACCESS_KEY", "Credentials", "PGPASSWD"] {
            assert!(looks_secret(OsStr::new(name)), "{name}");
        }
        for name in ["PATH", "HOME", "LANG", "HANDOVER_STATE_DIR"] {
            assert!(!looks_secret(OsStr::new(name)), "{name}");
        }
    }

    #[test]
    fn what_this_process_was_given_in_secret_is_taken_out_of_the_childs_environment() {
        let command = Program::new("true").with_env("OUR_TOKEN", "given").command();
        let set: Vec<_> = command.as_std().get_envs().collect();
        for (name, _) in std::env::vars_os().filter(|(name, _)| looks_secret(name)) {
            assert!(set.contains(&(name.as_os_str(), None)), "{}", name.display());
        }
        assert!(set.contains(&(OsStr::new("OUR_TOKEN"), Some(OsStr::new("given")))));
    }
}
