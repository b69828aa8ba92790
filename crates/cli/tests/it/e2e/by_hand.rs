//! What a person does with a live agent, in the middle of a run and after one.

use std::fs;
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::path::Path;
use std::process::Stdio;

use handover_core::Slot;
use serde_json::Value;

use super::typed::Typed;
use super::wait::until;
use super::{Config, Service, Users};

/// How the route reads as the agent has it.
fn green_bps(service: &Service) -> u16 {
    service.status().unwrap().route.route.split.bps(Slot::Green)
}

/// Waits until the second release has half of the traffic; a deployment that ended before tells why.
#[track_caller]
fn until_half(service: &Service, deploy: &Typed) {
    let share = service.until("half of the traffic, or an end", |status| {
        let share = status.route.route.split.green_bps();
        let over = deploy.so_far().contains(r#""outcome""#);
        (share == 5_000 || over).then_some(share)
    });
    assert_eq!(share, 5_000, "{}", deploy.so_far());
}

#[test]
fn a_run_is_not_disturbed_by_hand_until_somebody_breaks_the_glass() {
    let service = Service::serving(&Config::canary("50%", "60s"));
    service.write_release("v2", "");
    let deploy = service.start_deploy("v2");
    until_half(&service, &deploy);
    for verb in [
        &["traffic", "shift", "--candidate", "10%"][..],
        &["traffic", "hold", "--dry-run"],
        &["traffic", "drain", "blue"],
        &["releases", "restart", "v1"],
        &["releases", "prune"],
    ] {
        let err = service.run(verb).exits(3).err;
        let named = err.contains("going on since") || err.contains("blue has 50 % of the traffic");
        assert!(named, "{verb:?}: {err}");
    }
    assert_eq!(green_bps(&service), 5_000);
    until("the status tells the step and the time left", || {
        let status = service.run(&["status"]).exits(0).out;
        status.contains("release v2: judge-50, next gate in").then_some(())
    });
    let pins = service.status().unwrap().slots.map(|_, slot| slot.pin.unwrap());
    let json = service.run(&["status", "--json"]).exits(0).out;
    assert!(!json.contains(&pins.blue) && !json.contains(&pins.green), "a secret is shown: {json}");

    service.run(&["traffic", "shift", "--stable", "--now", "--why", "checkout is slow"]).exits(0);
    assert_eq!(green_bps(&service), 0, "the verb came back before the traffic had moved");
    let why = deploy.wait().exits(5).result()["why"].to_string();
    assert!(why.contains("checkout is slow"), "{why}");
    let tale = service.run(&["explain"]).exits(0).out;
    assert!(tale.contains("rolled back at") && tale.contains("checkout is slow"), "{tale}");
    let history = service.run(&["history", "--json"]).exits(0).result();
    assert_eq!(
        (&history["runs"][0]["outcome"], &history["runs"][1]["outcome"]),
        (&"rolled_back".into(), &"promoted".into())
    );
}

#[test]
fn a_lease_that_is_taken_over_goes_to_the_runs_next_driver() {
    let service = Service::serving(&Config::canary("50%", "6s"));
    service.write_release("v2", "");
    let deploy = service.start_deploy("v2");
    until_half(&service, &deploy);
    let driver =
        service.until("a driver", |status| status.lease.as_ref().map(|lease| (lease.pid, lease.fence)));
    let took = service.run(&["lease", "take-over", "--json"]).exits(0).result();
    assert_eq!(took["was"]["pid"], Value::from(driver.0));
    let next = service.until("another driver", |status| {
        status.lease.as_ref().filter(|lease| lease.pid != driver.0).map(|lease| lease.fence)
    });
    assert!(next > driver.1.next(), "the fence of the taken lease was given out twice");
    assert_eq!(deploy.wait().exits(0).result()["outcome"], "promoted");
}

#[test]
fn traffic_is_moved_held_drained_and_processes_restarted_and_no_user_notices() {
    let config = Config::canary("50%", "1s");
    let service = Service::serving(&config);
    let err = service.run(&["releases", "restart", "v1"]).exits(3).err;
    insta::assert_snapshot!(err, @r"
    error: could not restart release v1
      because: blue has traffic and a single process: nobody would answer meanwhile

    hint: deploy with `instances = 2` under `[release]`
    ");
    let two = config.text(service.port()).replace("grace =", "instances = 2\ngrace =");
    fs::write(service.path("handover.toml"), two).unwrap();
    service.write_release("v2", "");
    service.deploy("v2").exits(0);
    let users = Users::arrive(&service, 100);
    service.run(&["traffic", "shift", "--candidate", "30%", "--dry-run"]).exits(0);
    assert_eq!(green_bps(&service), 10_000, "a dry run moved traffic");
    let shifted = service.run(&["traffic", "shift", "--candidate", "30%", "--json"]).exits(0).result();
    assert_eq!((&shifted["after"]["blue_bps"], green_bps(&service)), (&3_000.into(), 7_000));
    service.run(&["traffic", "hold", "--for", "20s"]).exits(0);
    assert!(service.run(&["status"]).exits(0).out.contains("held: requests wait for"));
    service.run(&["traffic", "unhold"]).exits(0);
    assert!(service.run(&["traffic", "drain"]).exits(3).err.contains("both have traffic"));
    service.run(&["traffic", "shift", "--stable"]).exits(0);
    let drained = service.run(&["traffic", "drain", "--json"]).exits(0).result();
    assert_eq!((&drained["slot"], &drained["result"]["drained"]), (&"blue".into(), &"clean".into()));
    service.run(&["releases", "restart", "v2"]).exits(0);
    let report = users.leave();
    assert_eq!((report.failed, report.harmed), (0, 0), "{report:?}");
    assert_eq!(service.starts("v2"), 4, "two processes, each replaced once");
    assert!(service.status().unwrap().lease.is_none(), "a lease was left behind");
    let logs = service.run(&["logs", "v2"]).exits(0).out;
    assert_eq!(logs.lines().filter(|line| line.contains(" | v2 listens on")).count(), 4, "{logs}");
}

#[test]
fn a_slot_whose_processes_are_gone_gets_no_share() {
    let service = Service::serving(&Config::canary("50%", "1s"));
    let err = service.run(&["traffic", "shift", "--candidate", "10%"]).exits(3).err;
    insta::assert_snapshot!(service.plain(&err), @r"
    error: could not move traffic by hand
      because: no release runs in green

    hint: `handover status` shows what each slot does; `handover deploy` launches a release
    ");
    assert_eq!(service.status().unwrap().route.route.split.sole(), Some(Slot::Blue));
}

#[test]
fn an_agent_that_is_stopped_leaves_its_releases_and_what_happened() {
    let service = Service::serving(&Config::canary("50%", "1s"));
    let before = service.status().unwrap().slots.blue.instances[0].pid.unwrap();
    service.run(&["agent", "stop", "--dry-run"]).exits(0);
    assert!(service.status().is_some(), "a dry run stopped the agent");
    let said = service.run(&["agent", "stop"]).exits(0).out;
    assert!(said.ends_with("; v1 runs on, but nobody passes requests to it\n"), "{said}");
    assert!(service.status().is_none());
    assert!(Path::new(&format!("/proc/{before}")).exists(), "the release was stopped too");
    let ran = service.run(&["status"]).exits(3);
    assert!(ran.out.contains("release v1: promoted at"), "{}", ran.out);
    assert!(service.run(&["logs"]).exits(0).out.starts_with("v1 listens on"));
    // What follows a log goes on until it is stopped.
    let following = service.start(&["logs", "-f"]);
    until("a line", || (!following.so_far().is_empty()).then_some(()));
    assert!(service.run(&["doctor"]).exits(0).out.contains("warn  agent         none runs"));
}

#[test]
fn what_is_measured_is_watched_and_a_reader_that_leaves_ends_it() {
    let service = Service::serving(&Config::blue_green("0s"));
    let users = Users::arrive(&service, 100);
    let seen = until("requests of the stable release are shown", || {
        let look = service.run(&["--json", "monitor", "watch", "--count", "1"]).exits(0).result();
        (look["series"][0]["requests"].as_u64()? > 0).then_some(look)
    });
    let series = &seen["series"][0];
    assert_eq!((series["role"].as_str(), series["share_bps"].as_u64()), (Some("stable"), Some(10_000)));
    assert!(series["p50_ms"].is_number() && series["p99_ms"].is_number(), "{series}");
    drop(users);
    let shown = service.run(&["monitor", "watch", "--count", "2", "--every", "1ms"]).exits(0).out;
    assert_eq!(shown.matches("LAST MINUTE").count(), 2, "{shown}");
    for verb in [&["monitor", "watch", "--every", "1ms"][..], &["status", "--watch", "--every", "1ms"]] {
        let mut child = service.command().args(verb).stdout(Stdio::piped()).spawn().unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
        assert!(!line.is_empty());
        let ended = until("it ends, as nobody reads any more", || child.try_wait().unwrap());
        assert!(ended.success(), "{verb:?}: {ended}");
    }
}

/// As a Prometheus would, over TCP.
fn ask(port: u16, request: &str) -> String {
    let mut stream = TcpStream::connect(("127.0.0.1", port)).unwrap();
    let request = format!("{request} HTTP/1.1\r\nHost: edge\r\nConnection: close\r\n\r\n");
    // Who refuses a request before its end has been read may close meanwhile; what it answered is there to read.
    let _ = stream.write_all(request.as_bytes());
    let mut answer = Vec::new();
    let _ = stream.read_to_end(&mut answer);
    String::from_utf8(answer).unwrap()
}

#[test]
fn metrics_are_answered_at_an_address_of_their_own_and_nothing_else_is() {
    let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let service = Service::new(&Config::blue_green("0s"));
    let with_metrics = |port: u16| {
        let text = fs::read_to_string(service.path("handover.toml")).unwrap();
        let text = text.replace("[agent]\n", &format!("[agent]\nmetrics = \"127.0.0.1:{port}\"\n"));
        assert!(text.contains("metrics ="), "{text}");
        fs::write(service.path("handover.toml"), text).unwrap();
    };
    let before = fs::read_to_string(service.path("handover.toml")).unwrap();
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    with_metrics(taken.local_addr().unwrap().port());
    service.write_release("v1", "");
    let err = service.run(&["deploy", "--release", "v1", "--artifact", "v1"]).exits(3).err;
    assert!(err.contains("cannot listen on 127.0.0.1:") && err.contains("set another address"), "{err}");

    fs::write(service.path("handover.toml"), before).unwrap();
    with_metrics(port);
    service.deploy("v1").exits(0);
    let metrics = ask(port, "GET /metrics");
    assert!(
        metrics.starts_with("HTTP/1.1 200 OK") && metrics.contains("handover_edge_requests"),
        "{metrics}"
    );
    assert!(metrics.contains("content-type: text/plain; version=0.0.4"), "{metrics}");
    assert!(ask(port, "POST /metrics").starts_with("HTTP/1.1 405"));
    assert!(ask(port, "GET /v1/status").starts_with("HTTP/1.1 404"));
    assert!(ask(port, &format!("GET /{}", "x".repeat(64 * 1_024))).starts_with("HTTP/1.1 4"));
}
