//! The terminal in which a deployment is watched goes away: the deployment does not.

use std::fs::File;
use std::os::fd::OwnedFd;
use std::os::unix::ffi::OsStrExt as _;
use std::process::{Command, Stdio};

use rustix::process::Signal;
use rustix::pty::{OpenptFlags, grantpt, openpt, ptsname, unlockpt};

use super::processes::signal;
use super::wait::until;
use super::{Config, Service};

/// A terminal: its hardware end, and the end that programs use.
pub(crate) fn terminal() -> (OwnedFd, File) {
    let screen = openpt(OpenptFlags::RDWR | OpenptFlags::NOCTTY | OpenptFlags::CLOEXEC).unwrap();
    grantpt(&screen).unwrap();
    unlockpt(&screen).unwrap();
    let name = ptsname(&screen, Vec::new()).unwrap();
    let path = std::path::Path::new(std::ffi::OsStr::from_bytes(name.as_bytes()));
    let programs = File::options().read(true).write(true).open(path).unwrap();
    (screen, programs)
}

/// `handover deploy` as the first process of a session on this terminal.
fn deploy_on(terminal: &File, service: &Service, release: &str) -> std::process::Child {
    let plain = service.command();
    let mut command = Command::new("setsid");
    // Under `nohup` the tests themselves ignore a hang-up, and their children would inherit that.
    command.args(["--ctty", "env", "--default-signal=HUP"]).arg(plain.get_program()).args([
        "deploy",
        "--release",
        release,
        "--artifact",
        release,
    ]);
    command.env_clear().env("TERM", "xterm").env("HOME", service.path("")).env("PATH", "/usr/bin:/bin");
    let end = || Stdio::from(terminal.try_clone().unwrap());
    command.current_dir(service.path("")).stdin(end()).stdout(end()).stderr(end()).spawn().unwrap()
}

#[test]
fn a_deployment_goes_on_when_the_terminal_is_hung_up() {
    let service = Service::serving(&Config::canary("50%", "1s"));
    service.write_release("v2", "");
    let (screen, programs) = terminal();
    let mut deploy = deploy_on(&programs, &service, "v2");
    drop(programs);
    service.until_candidate_has(5_000);
    drop(screen);
    until("the hung-up command ends", || deploy.try_wait().unwrap());
    assert!(
        service.status().unwrap().run.is_some(),
        "the deployment was over before the terminal was hung up"
    );
    assert_eq!(service.until_over(), "promoted");
    assert_eq!(service.stable(), ("v2".to_owned(), true));
}

#[test]
fn a_deployment_goes_on_when_the_watching_command_is_killed() {
    let service = Service::serving(&Config::canary("50%", "1s"));
    service.write_release("v2", "");
    let deploy = service.start_deploy("v2");
    service.until_candidate_has(5_000);
    signal(deploy.pid(), Signal::KILL);
    drop(deploy);
    assert_eq!(service.until_over(), "promoted");
    assert_eq!(service.stable(), ("v2".to_owned(), true));
    // Nothing is left that would keep the next one from starting.
    service.write_release("v3", "");
    service.deploy("v3").exits(0);
}
