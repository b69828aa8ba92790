//! Runs the binary in a folder of its own.

use std::path::Path;
use std::process::{Command, Output};

/// A command that knows nothing of the surroundings it is run in.
pub(crate) fn handover(folder: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_handover"));
    command.current_dir(folder).env_clear().env("HOME", folder);
    command
}

/// Runs it: exit code, standard output, standard error.
pub(crate) fn run(folder: &Path, args: &[&str]) -> (i32, String, String) {
    let Output { status, stdout, stderr } = handover(folder).args(args).output().unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap().replace(&folder.display().to_string(), "DIR");
    (status.code().unwrap(), text(stdout), text(stderr))
}
