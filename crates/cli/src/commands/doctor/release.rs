//! What would be released.

use std::fs;
use std::io;
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;
use std::process::Command;

use super::check::Check;
use crate::settings::{Settings, Source};

/// Whether the files are there to be read.
pub(super) fn source(settings: &Settings) -> Check {
    match settings.release.source() {
        Some(Source::Artifact(path)) => artifact(path),
        Some(Source::Git) => commit(settings.folder()),
        None => {
            Check::fail("artifact", "the settings name none", "add `artifact = \"dist\"` under `[release]`")
        }
    }
}

pub(super) fn artifact(path: &Path) -> Check {
    let next = "build it first; `artifact` in handover.toml names the folder";
    match fs::read_dir(path).map(Iterator::count) {
        Ok(0) => Check::fail("artifact", format!("{} is empty", path.display()), next),
        Ok(entries) => Check::ok("artifact", format!("{} ({entries} entries)", path.display())),
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            Check::fail("artifact", format!("{} does not exist", path.display()), next)
        }
        Err(error) => Check::fail("artifact", format!("{}: {error}", path.display()), next),
    }
}

fn commit(folder: &Path) -> Check {
    let answer = Command::new("git").arg("-C").arg(folder).args(["rev-parse", "--short=10", "HEAD"]).output();
    match answer {
        Ok(answer) if answer.status.success() => {
            Check::ok("artifact", format!("commit {} by git", String::from_utf8_lossy(&answer.stdout).trim()))
        }
        Ok(answer) => {
            let said = String::from_utf8_lossy(&answer.stderr);
            let said = said.lines().next().unwrap_or("git knows no commit here").to_owned();
            Check::fail("artifact", said, "commit first, or name an `artifact` instead of `archive`")
        }
        Err(error) => Check::fail("artifact", format!("git cannot be run: {error}"), "install git"),
    }
}

/// Whether the secrets can be read at launch, and by nobody else; nothing where there are none.
pub(super) fn env_file(settings: &Settings) -> Option<Check> {
    settings.release.env_file.as_deref().map(secrets)
}

pub(super) fn secrets(path: &Path) -> Check {
    let shown = path.display();
    let opened = fs::File::open(path).and_then(|file| file.metadata());
    match opened {
        Err(error) => {
            Check::fail("env file", format!("{shown}: {error}"), "`env_file` in handover.toml names it")
        }
        Ok(file) if !file.is_file() => {
            Check::fail("env file", format!("{shown} is not a file"), "`env_file` in handover.toml names it")
        }
        Ok(file) if file.permissions().mode() & 0o007 != 0 => Check::warn(
            "env file",
            format!("{shown} can be read by everybody"),
            format!("`chmod o= {shown}`"),
        ),
        Ok(_) => Check::ok("env file", format!("{shown}")),
    }
}
