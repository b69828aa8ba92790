use std::path::{Path, PathBuf};
use std::process::{Command, Output};

/// The root of the workspace.
pub(super) fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap()
}

/// Runs `handover` with state of its own, so that nothing of this machine is read.
pub(super) fn handover(state: &Path, arguments: &[&str]) -> Output {
    let mut command = Command::new(program());
    command.args(arguments).env("HANDOVER_STATE_DIR", state).env_remove("HANDOVER_CONFIG");
    command.output().unwrap()
}

/// The program that was built with these tests, which `cargo test --workspace` does; else it is built now.
fn program() -> PathBuf {
    let tests = std::env::current_exe().unwrap();
    let profile = tests.ancestors().nth(2).unwrap();
    let program = profile.join("handover");
    if !program.exists() {
        let build = ["build", "--quiet", "--package", "handover", "--target-dir"];
        let cargo = Command::new(env!("CARGO")).args(build).arg(profile.parent().unwrap()).status();
        assert!(cargo.unwrap().success(), "handover does not build");
    }
    program
}
