//! The platforms' own command-line clients, under the target folder.

use std::path::{Path, PathBuf};

use super::{NODE, NPM};
use crate::command::Cmd;
use crate::failed::{Failed, Outcome};
use crate::say;
use crate::workspace::Workspace;

/// The release of npm's `vercel` that the stand-in is held to.
pub(crate) const VERCEL: &str = "64.0.2";

/// The release of the crate `railwayapp` that the stand-in is held to.
pub(crate) const RAILWAY: &str = "5.71.0";

/// The oldest Node.js that this Vercel CLI takes.
const NODE_MAJOR: u32 = 20;

/// Neither client tells its makers that it was used.
pub(crate) const DISCREET: [(&str, &str); 2] = [("VERCEL_TELEMETRY_DISABLED", "1"), ("DO_NOT_TRACK", "1")];

/// Vercel's CLI; fetched where it is not there.
pub(crate) fn vercel(workspace: &Workspace) -> Outcome<PathBuf> {
    let folder = workspace.target.join("tools").join(format!("vercel-{VERCEL}"));
    let program = folder.join("node_modules/.bin/vercel");
    if !says(&program, VERCEL) {
        NPM.ensure()?;
        NODE.ensure()?;
        new_enough(&Cmd::new("node").arg("--version").read()?)?;
        fetch_vercel(&folder)?;
    }
    usable(program, VERCEL)
}

/// Railway's CLI; built where it is not there. Only a debug build can be pointed at another server than Railway's.
pub(crate) fn railway(workspace: &Workspace) -> Outcome<PathBuf> {
    let folder = workspace.target.join("tools").join(format!("railwayapp-{RAILWAY}"));
    let program = folder.join("bin/railway");
    if !says(&program, RAILWAY) {
        say::note(format_args!("Railway's CLI {RAILWAY} is not built; that takes some minutes, once"));
        build_railway(&folder)?;
    }
    usable(program, RAILWAY)
}

/// What is installed. The CLI asks for exactly `sandbox` 4.4.0, which registries may not have; none of the commands
/// that the tests run needs it, so its next release stands in.
fn manifest() -> String {
    format!(
        r#"{{"private": true, "dependencies": {{"vercel": "{VERCEL}"}}, "overrides": {{"sandbox": "4.5.0"}}}}"#
    )
}

/// Nothing that it brings is run while it is installed.
fn fetch_vercel(folder: &Path) -> Outcome {
    say::note(format_args!("Vercel's CLI {VERCEL} is not installed; fetching it takes a minute, once"));
    std::fs::create_dir_all(folder)
        .and_then(|()| std::fs::write(folder.join("package.json"), manifest()))
        .map_err(|why| Failed::new(format!("{} cannot be made: {why}", folder.display())))?;
    let npm = Cmd::new("npm").args(["install", "--ignore-scripts", "--no-audit", "--no-fund", "--prefix"]);
    npm.arg(folder).dir(folder).run()
}

/// Not in the checkout, so that neither its lock file nor its profiles have a say.
fn build_railway(folder: &Path) -> Outcome {
    let cargo = Cmd::cargo().args(["install", "railwayapp", "--locked", "--debug", "--version", RAILWAY]);
    let cargo = cargo.args(["--config", "profile.dev.debug=false", "--root"]).arg(folder);
    cargo.dir(&std::env::temp_dir()).run()
}

fn new_enough(node: &str) -> Outcome {
    let major = node.trim().trim_start_matches('v').split('.').next().and_then(|major| major.parse().ok());
    if major.is_some_and(|major: u32| major >= NODE_MAJOR) {
        return Ok(());
    }
    let found = node.trim();
    Err(Failed::new(format!(
        "Vercel's CLI {VERCEL} needs Node.js {NODE_MAJOR} or later, and this is {found}"
    )))
}

/// Whether it runs and is of this version.
fn says(program: &Path, version: &str) -> bool {
    let asked = DISCREET.iter().fold(Cmd::new(program).arg("--version"), |cmd, (name, on)| cmd.env(name, on));
    asked.read().is_ok_and(|said| said.split_whitespace().any(|word| word == version))
}

fn usable(program: PathBuf, version: &str) -> Outcome<PathBuf> {
    if says(&program, version) {
        return Ok(program);
    }
    Err(Failed::new(format!("{} does not run, or is not {version}", program.display())))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_node_that_is_too_old_is_named() {
        assert!(new_enough("v20.20.2\n").is_ok());
        assert_eq!(
            new_enough("v18.19.0\n").unwrap_err().to_string(),
            "Vercel's CLI 64.0.2 needs Node.js 20 or later, and this is v18.19.0"
        );
    }

    #[test]
    fn a_program_of_another_version_is_not_taken_for_the_wanted_one() {
        assert!(!says(Path::new("/nowhere/vercel"), VERCEL));
        let why = usable("/nowhere/vercel".into(), VERCEL).unwrap_err().to_string();
        assert_eq!(why, "/nowhere/vercel does not run, or is not 64.0.2");
    }
}
