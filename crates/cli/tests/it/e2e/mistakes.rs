//! What cannot work is refused with a message that says what to do, and changes nothing.

use std::fs;
use std::net::TcpListener;
use std::os::unix::fs::PermissionsExt as _;
use std::process::Command;

use super::wait::say;
use super::{Config, Service};

/// What differs from run to run.
const FILTERS: [(&str, &str); 4] = [
    (r"\d{8}-\d{6}-[a-z]{4}", "RUN"),
    (r"\(pid \d+\)", "(pid N)"),
    (r"since .*, with [\d.]+ ?m?s left", "since TIME, with TIME left"),
    (r"\.tmp-[\w-]+", "TMP"),
];

/// The message for what is typed, with `code`; whatever the agent knew, it still knows and nothing else.
#[track_caller]
fn refusal(service: &Service, args: &[&str], code: i32) -> String {
    let known = || service.status().map(|status| (status.route, status.stable, status.slots, status.run));
    let frozen = || fs::read_dir(service.state("releases")).map_or(0, Iterator::count);
    let before = (known(), frozen());
    let err = service.run(args).exits(code).err;
    assert_eq!((known(), frozen()), before, "a refused command changed something");
    service.plain(&err)
}

#[test]
fn a_second_deployment_is_told_who_holds_the_lease_and_how_to_take_over() {
    let service = Service::serving(&Config::canary("50%", "1m"));
    service.write_release("v2", "");
    let _deploy = service.start_deploy("v2");
    service.until_candidate_has(5_000);
    service.write_release("v3", "");
    let err = refusal(&service, &["deploy", "--release", "v3", "--artifact", "v3"], 3);
    insta::with_settings!({ filters => FILTERS }, {
        insta::assert_snapshot!(err, @r"
        error: could not start the deployment of release v3
          because: run RUN is going on
          because: driver of RUN (pid N) holds the lease since TIME, with TIME left of it

        hint: `handover status --watch` follows it, `handover abort` ends it, `handover lease take-over` takes over
        ");
    });
}

#[test]
fn a_port_that_somebody_else_listens_on_is_named() {
    let service = Service::new(&Config::blue_green("0s"));
    let _taken = TcpListener::bind(("127.0.0.1", service.port())).unwrap();
    let err = refusal(&service, &["deploy", "--release", "v1"], 3);
    let err = err.replace(&std::process::id().to_string(), "N");
    insta::with_settings!({ filters => vec![(r"\(it-\w+\)", "(NAME)")] }, {
    insta::assert_snapshot!(err, @r"
    error: could not start the agent
      because: cannot listen on 127.0.0.1:PORT: pid N (NAME) does already
      because: Address already in use (os error 98)

    hint: set another address in handover.toml, or stop what listens there
    ");
    });
}

#[test]
fn a_release_that_cannot_be_read_is_named() {
    let service = Service::serving(&Config::blue_green("0s"));
    let absent = refusal(&service, &["deploy", "--release", "v2", "--artifact", "nowhere"], 3);
    insta::assert_snapshot!(absent, @r"
    error: could not freeze release v2
      because: the artefact folder DIR/nowhere does not exist

    hint: `artifact` in handover.toml names the folder to deploy
    ");
    service.write_release("v2", "");
    fs::set_permissions(service.path("v2/start.sh"), fs::Permissions::from_mode(0o000)).unwrap();
    if fs::read(service.path("v2/start.sh")).is_ok() {
        say("skipped: nothing is unreadable for this user");
        return;
    }
    let unreadable = refusal(&service, &["deploy", "--release", "v2", "--artifact", "v2"], 3);
    insta::assert_snapshot!(unreadable, @r"
    error: could not freeze release v2
      because: cannot read DIR/v2/start.sh
      because: Permission denied (os error 13)
    ");
}

#[test]
fn a_name_that_stands_for_another_release_is_refused() {
    let service = Service::serving(&Config::blue_green("0s"));
    service.write_release("other", "--fail-share 1");
    let err = refusal(&service, &["deploy", "--release", "v1", "--artifact", "other"], 3);
    insta::assert_snapshot!(err, @r"
    error: could not freeze release v1
      because: a release named v1 exists, with other files

    hint: give this one another name with `--release`
    ");
    let same = refusal(&service, &["deploy", "--release", "v1"], 3);
    insta::assert_snapshot!(same, @r"
    error: could not plan the run
      because: release v1 is stable already

    hint: give the new build another name with `--release`, or run `handover status`
    ");
}

#[test]
fn settings_that_make_no_sense_are_refused_before_anything_is_tried() {
    let config = Config::blue_green("0s");
    let service = Service::serving(&config);
    let good = config.text(service.port());
    let refused = |from: &str, to: &str| {
        assert!(good.contains(from));
        fs::write(service.path("handover.toml"), good.replacen(from, to, 1)).unwrap();
        refusal(&service, &["deploy", "--release", "v2"], 2)
    };
    insta::assert_snapshot!(refused("artifact =", "artefact ="), @r"
    error: could not read the settings
      because: DIR/handover.toml:7: unknown key `release.artefact`

    hint: did you mean `artifact`?
    ");
    insta::assert_snapshot!(refused("\"sh ./start.sh\"", "\"\""), @r#"
    error: could not read the settings
      because: DIR/handover.toml:8: release.command: "" is an empty command
    "#);
    insta::assert_snapshot!(refused("drain = \"2s\"", "drain = \"2 years\""), @r#"
    error: could not read the settings
      because: DIR/handover.toml:22: strategy.drain: "2 years" is longer than 30 days
    "#);
    insta::assert_snapshot!(refused("kind = \"blue-green\"", "steps = [{ weight = \"150%\" }]"), @r#"
    error: could not read the settings
      because: DIR/handover.toml:20: strategy.steps[0].weight: "150%" is more than the whole
    "#);
}

#[test]
fn a_full_disk_is_named_leaves_nothing_half_done_and_does_not_stop_the_way_back() {
    let service = Service::new(&Config::canary("50%", "1m"));
    fs::create_dir(service.state("")).unwrap();
    fs::set_permissions(service.state(""), fs::Permissions::from_mode(0o700)).unwrap();
    let disk = Disk::mount(&service);
    let Some(disk) = disk else {
        say("skipped: nothing can be mounted here");
        return;
    };
    service.deploy("v1").exits(0);
    service.write_release("v2", "");
    let _deploy = service.start_deploy("v2");
    service.until_candidate_has(5_000);
    disk.fill();
    service.run(&["traffic", "shift", "--stable", "--now"]).exits(0);
    let status = service.status().unwrap();
    assert_eq!(status.route.route.split.bps(handover_core::Slot::Green), 0);
    disk.free();
    assert_eq!(service.until_over(), "rolled back");
    disk.fill();
    service.write_release("v3", "");
    let err = refusal(&service, &["deploy", "--release", "v3", "--artifact", "v3"], 3);
    insta::with_settings!({ filters => FILTERS }, {
    insta::assert_snapshot!(err, @r"
    error: could not freeze release v3
      because: cannot write DIR/s/releases/TMP/files/start.sh
      because: No space left on device (os error 28)

    hint: `handover releases prune` makes room
    ");
    });
    disk.free();
    service.configure(&Config::blue_green("0s"));
    service.deploy("v3").exits(0);
}

/// A disk of its own for a service's state, with little room.
struct Disk<'a> {
    service: &'a Service,
}

impl<'a> Disk<'a> {
    /// `None` where this user may not mount anything.
    fn mount(service: &'a Service) -> Option<Self> {
        let mut mount = Command::new("mount");
        mount.args(["-t", "tmpfs", "-o", "size=16m,mode=700", "none"]).arg(service.state(""));
        mount.output().is_ok_and(|ended| ended.status.success()).then(|| Self { service })
    }

    /// Leaves no room at all.
    fn fill(&self) {
        let mut file = fs::File::create(self.service.state("filler")).unwrap();
        for size in [65_536, 4_096, 512, 1] {
            while std::io::Write::write_all(&mut file, &vec![0; size]).is_ok() {}
        }
    }

    fn free(&self) {
        fs::remove_file(self.service.state("filler")).unwrap();
    }
}

impl Drop for Disk<'_> {
    fn drop(&mut self) {
        self.service.end_everything();
        let unmounted = Command::new("umount").arg("-l").arg(self.service.state("")).status();
        assert!(unmounted.is_ok_and(|status| status.success()) || std::thread::panicking());
    }
}
