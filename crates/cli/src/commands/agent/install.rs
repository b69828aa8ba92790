//! `handover agent install`: writes the unit and says what to type next.

use std::fs;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use handover_core::ServiceName;
use serde::Serialize;

use super::VERSION;
use super::unit::{Manager, Unit};
use crate::args::AgentInstall;
use crate::context::Context;
use crate::exit::Exit;
use crate::report::Failure;

const ATTEMPTED: &str = "could not install the agent";
const SYSTEM: &str = "/etc/systemd/system";

#[derive(Serialize)]
struct Shown<'a> {
    version: u32,
    file: &'a Path,
    written: bool,
    text: &'a str,
    next: &'a [String],
}

/// Writes the unit, or shows it.
pub(super) fn run(args: &AgentInstall, context: &Context) -> Result<Exit, Failure> {
    let settings = context.settings()?;
    let state_dir = context.chosen_state_dir(&settings)?;
    let program =
        std::env::current_exe().map_err(|error| Failure::new(ATTEMPTED, Exit::Refused).because_of(&error))?;
    let unit = Unit {
        service: settings.service.name.as_str(),
        program: &program,
        config: &settings.file,
        state_dir: &state_dir,
        user: args.run_as.as_deref(),
        manager: if args.user { Manager::User } else { Manager::System },
    };
    let file = folder(args)?.join(unit.file_name());
    let (text, next) = (unit.text(), next_steps(args, &unit));
    if !args.dry_run {
        write(&file, &text, args.force).map_err(|error| not_written(&file, &error))?;
    }
    let shown = Shown { version: VERSION, file: &file, written: !args.dry_run, text: &text, next: &next };
    let said = if args.dry_run {
        text.trim_end().to_owned()
    } else {
        format!("wrote {}\n\nnext:\n  {}", file.display(), next.join("\n  "))
    };
    context.output.result(said, &shown);
    Ok(Exit::Done)
}

/// The unit of this service, where one is installed.
pub(in crate::commands) fn installed(service: &ServiceName) -> Option<PathBuf> {
    let name = Unit::file_name_of(service.as_str());
    let folders = [Some(PathBuf::from(SYSTEM)), user_folder()];
    folders.into_iter().flatten().map(|folder| folder.join(&name)).find(|file| file.exists())
}

fn folder(args: &AgentInstall) -> Result<PathBuf, Failure> {
    match (&args.unit_dir, args.user) {
        (Some(named), _) => Ok(named.clone()),
        (None, false) => Ok(PathBuf::from(SYSTEM)),
        (None, true) => user_folder().ok_or_else(|| {
            Failure::new(ATTEMPTED, Exit::Usage)
                .because("neither XDG_CONFIG_HOME nor HOME says where this user's units are")
                .hint("`handover agent install --user --unit-dir DIR`")
        }),
    }
}

fn user_folder() -> Option<PathBuf> {
    let told = |name| std::env::var_os(name).filter(|value| !value.is_empty()).map(PathBuf::from);
    let config = told("XDG_CONFIG_HOME").filter(|path| path.is_absolute());
    config.or_else(|| told("HOME").map(|home| home.join(".config"))).map(|config| config.join("systemd/user"))
}

fn next_steps(args: &AgentInstall, unit: &Unit<'_>) -> Vec<String> {
    let systemctl = if args.user { "systemctl --user" } else { "systemctl" };
    let mut steps =
        vec![format!("{systemctl} daemon-reload"), format!("{systemctl} enable --now {}", unit.file_name())];
    if args.user {
        // Without it the user's services end when the user logs out.
        steps.push("loginctl enable-linger".into());
    }
    if let Some(user) = unit.user.filter(|_| !unit.makes_state_dir()) {
        steps.insert(0, format!("install -d -m 700 -o {user} {}", unit.state_dir.display()));
    }
    steps
}

/// The old unit stays until the new one is complete.
fn write(file: &Path, text: &str, force: bool) -> io::Result<()> {
    let folder = file.parent().unwrap_or(Path::new("/"));
    if folder.ends_with("systemd/user") {
        fs::create_dir_all(folder)?;
    }
    let mut new = tempfile::NamedTempFile::new_in(folder)?;
    new.write_all(text.as_bytes())?;
    new.as_file().sync_all()?;
    new.as_file().set_permissions(std::os::unix::fs::PermissionsExt::from_mode(0o644))?;
    let kept = if force { new.persist(file) } else { new.persist_noclobber(file) };
    kept.map(drop).map_err(|error| error.error)
}

fn not_written(file: &Path, error: &io::Error) -> Failure {
    let failure = Failure::new(ATTEMPTED, Exit::Refused).because(format!("cannot write {}", file.display()));
    match error.kind() {
        io::ErrorKind::AlreadyExists => {
            failure.because("it exists already").hint("`handover agent install --force` overwrites it")
        }
        io::ErrorKind::PermissionDenied => failure
            .because_of(error)
            .hint("`sudo handover agent install --run-as USER`, or `handover agent install --user`"),
        _ => failure.because_of(error).hint("`handover agent install --dry-run` shows the unit"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_unit_that_is_there_is_not_overwritten_unasked() {
        let dir = tempfile::tempdir().unwrap();
        let file = dir.path().join("handover-shop.service");
        write(&file, "first", false).unwrap();
        let error = write(&file, "second", false).unwrap_err();
        let said = not_written(Path::new("/etc/systemd/system/handover-shop.service"), &error);
        insta::assert_snapshot!(said, @"
        error: could not install the agent
          because: cannot write /etc/systemd/system/handover-shop.service
          because: it exists already

        hint: `handover agent install --force` overwrites it
        ");
        assert_eq!(fs::read_to_string(&file).unwrap(), "first");
        write(&file, "second", true).unwrap();
        assert_eq!(fs::read_to_string(&file).unwrap(), "second");
        assert_eq!(fs::read_dir(dir.path()).unwrap().count(), 1);
    }

    #[test]
    fn without_the_right_to_write_there_the_two_ways_are_named() {
        let denied = io::Error::from(io::ErrorKind::PermissionDenied);
        insta::assert_snapshot!(not_written(Path::new("/etc/systemd/system/x.service"), &denied), @"
        error: could not install the agent
          because: cannot write /etc/systemd/system/x.service
          because: permission denied

        hint: `sudo handover agent install --run-as USER`, or `handover agent install --user`
        ");
    }
}
