//! squawk, the linter that ours is measured beside, under the target folder.

use std::path::{Path, PathBuf};

use super::PYTHON;
use crate::command::Cmd;
use crate::failed::{Failed, Outcome};
use crate::say;
use crate::workspace::Workspace;

/// The release of the package `squawk-cli` that is measured.
const SQUAWK: &str = "2.70.0";

/// squawk's program; fetched where it is not there.
pub(crate) fn squawk(workspace: &Workspace) -> Outcome<PathBuf> {
    let folder = workspace.target.join("tools").join(format!("squawk-{SQUAWK}"));
    let program = folder.join("bin/squawk");
    if !runs(&program) {
        PYTHON.ensure()?;
        say::note(format_args!("squawk {SQUAWK} is not installed; fetching it takes a minute, once"));
        fetch(&folder)?;
    }
    if runs(&program) {
        return Ok(program);
    }
    Err(Failed::new(format!("{} does not run, or is not {SQUAWK}", program.display())))
}

/// Its package holds a program that needs nothing of Python's but the way it is brought.
fn fetch(folder: &Path) -> Outcome {
    Cmd::new("python3").args(["-m", "venv"]).arg(folder).run()?;
    let pip = Cmd::new(folder.join("bin/pip")).args(["install", "--quiet", "--disable-pip-version-check"]);
    pip.arg(format!("squawk-cli=={SQUAWK}")).run()
}

fn runs(program: &Path) -> bool {
    Cmd::new(program)
        .arg("--version")
        .read()
        .is_ok_and(|said| said.split_whitespace().any(|word| word == SQUAWK))
}
