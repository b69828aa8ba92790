use std::path::{Path, PathBuf};

use crate::command::Cmd;
use crate::failed::{Failed, Outcome};
use crate::say;
use crate::workspace::Workspace;

/// The release of cargo-deny this project is checked with.
const VERSION: &str = "0.20.2";

/// Where cargo-deny is: on the path in the right version, else installed under the target folder.
pub(crate) fn cargo_deny(workspace: &Workspace) -> Outcome<PathBuf> {
    let folder = workspace.target.join("tools").join(format!("cargo-deny-{VERSION}"));
    let installed = folder.join("bin/cargo-deny");
    for place in [PathBuf::from("cargo-deny"), installed.clone()] {
        if is_ours(&place) {
            return Ok(place);
        }
    }
    say::note(format_args!("cargo-deny {VERSION} is not installed; building it takes about a minute, once"));
    install(&folder)?;
    if is_ours(&installed) {
        Ok(installed)
    } else {
        Err(Failed::new(format!("{} is not cargo-deny {VERSION}", installed.display())))
    }
}

fn is_ours(program: &Path) -> bool {
    let said = Cmd::new(program).arg("--version").read();
    said.is_ok_and(|said| said.split_whitespace().last() == Some(VERSION))
}

/// Unoptimised: it runs for a second, and optimising it would take minutes (41 s instead, on two cores). Not in the
/// checkout, so that neither its lock file nor its profiles have a say.
fn install(folder: &Path) -> Outcome {
    let cargo = Cmd::cargo().args(["install", "cargo-deny", "--locked", "--version", VERSION]);
    let cargo = cargo.args(["--profile", "dev", "--config", "profile.dev.debug=false", "--root"]).arg(folder);
    cargo.dir(&std::env::temp_dir()).run()
}
