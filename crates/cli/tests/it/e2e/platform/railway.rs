//! Railway, in place.

use std::time::Duration;

use handover_traffic::testkit::standin::railway::{
    ENVIRONMENT, PROJECT, PROJECT_TOKEN, Pace, RailwayStandIn, SERVICE, Setup,
};

use rustix::process::Signal;

use tokio::runtime::Runtime;

use super::super::place::Place;
use super::super::processes::{kill, signal};
use super::super::wait::{say, until};
use super::runtime;

struct Shop {
    place: Place,
    standin: RailwayStandIn,
    _runtime: Runtime,
}

impl Shop {
    /// With release 1 serving, which handover has never seen, and a quota of so many requests an hour.
    fn with_quota(quota: u64) -> Self {
        let mut place = Place::new();
        let quick = Pace::default().with_second(Duration::from_millis(20));
        let setup = Setup::default().with_pace(quick).with_quota(quota);
        let runtime = runtime();
        let standin = runtime.block_on(RailwayStandIn::start(setup)).unwrap();
        place.set_env("RAILWAY_TOKEN", PROJECT_TOKEN);
        let shop = Self { place, standin, _runtime: runtime };
        shop.configure("200ms");
        shop
    }

    fn new() -> Self {
        Self::with_quota(10_000_000)
    }

    fn configure(&self, bake: &str) {
        let (public, interface) = (self.standin.public(), self.standin.base());
        let text = format!(
            r#"
[service]
name = "shop"
public = "{public}"
release_headers = ["handover-release"]
state_dir = "s"

[traffic]
backend = "railway"

[railway]
project = "{PROJECT}"
environment = "{ENVIRONMENT}"
service = "{SERVICE}"
release = "image:ghcr.io/acme/shop:{{release}}"
base = "{interface}"
deploy_limit = "20s"
poll = "50ms"

[release]
launcher = "railway"

[strategy]
kind = "blue-green"
bake = "{bake}"
drain = "1s"

[judge]
on_no_data = "promote"
"#
        );
        self.place.write("handover.toml", &text);
    }

    fn serving(&self) -> String {
        self.standin.serving(SERVICE).unwrap()
    }

    /// Whether no deployment will have the traffic by itself.
    fn is_quiet(&self) -> bool {
        let over = ["SUCCESS", "REMOVED", "FAILED", "CRASHED", "SKIPPED"];
        self.standin.deployments(SERVICE).iter().all(|seen| over.contains(&seen.status.as_str()))
    }

    /// How each deployment came to be, oldest first.
    fn made(&self) -> Vec<(String, &'static str)> {
        self.standin.deployments(SERVICE).into_iter().map(|seen| (seen.runs, seen.reason)).collect()
    }
}

#[test]
fn a_good_release_takes_over_and_is_gone_back_from() {
    let shop = Shop::new();
    let ran = shop.place.deploy("2").wait().exits(0);
    assert_eq!(ran.result()["outcome"], "promoted");
    assert_eq!(ran.steps(), ["launch", "health", "windows", "shift-100", "verify-100", "bake", "settle"]);
    assert_eq!((shop.serving(), shop.place.stable()), ("ghcr.io/acme/shop:2".into(), "2".into()));
    shop.place.run(&["rollback"]).exits(0);
    assert_eq!((shop.serving(), shop.place.stable()), ("ghcr.io/acme/shop:1".into(), "1".into()));
    assert_eq!(shop.made().last().unwrap().1, "rollback", "without a build");
    shop.place.holds_nowhere(PROJECT_TOKEN);
}

#[test]
fn a_whole_deployment_stays_below_a_tenth_of_the_smallest_quota() {
    let shop = Shop::with_quota(100);
    shop.place.deploy("2").wait().exits(0);
    let requests = shop.standin.requests();
    say(&format!("a whole deployment at Railway: {requests} requests"));
    assert!(requests < 10, "{requests}");
}

#[test]
fn where_the_quota_would_not_do_for_the_way_back_nothing_is_begun() {
    let shop = Shop::with_quota(14);
    let refused = shop.place.run(&["deploy", "--release", "2"]).exits(3).err;
    assert!(refused.contains("too few for a deployment and its way back"), "{refused}");
    assert_eq!((shop.made().len(), shop.serving()), (1, "ghcr.io/acme/shop:1".into()));
}

#[test]
fn an_agent_is_refused_where_there_is_none() {
    let shop = Shop::new();
    insta::assert_snapshot!(shop.place.run(&["agent", "run"]).exits(3).err, @r#"
    error: could not do anything with an agent
      because: the backend "railway" has none: the command that deploys drives

    hint: `handover status` shows how things stand
    "#);
}

#[test]
fn a_bad_release_never_gets_the_traffic_and_the_report_says_why() {
    let shop = Shop::new();
    shop.standin.spoil("ghcr.io/acme/shop:bad", "service unhealthy");
    let ran = shop.place.deploy("bad").wait();
    assert_eq!(ran.code, Some(3), "it got no traffic: {}", ran.out);
    insta::assert_snapshot!(ran.result()["error"]["causes"][0].as_str().unwrap(), @"could not move traffic to blue 0 % green 100 %: railway refused the change: deployment dep-3 (ghcr.io/acme/shop:bad) ended FAILED at HEALTHCHECK: service unhealthy; its last lines: starting ghcr.io/acme/shop:bad | error: service unhealthy; deployment dep-1 (ghcr.io/acme/shop:1) still has the traffic");
    assert_eq!((shop.serving(), shop.place.stable()), ("ghcr.io/acme/shop:1".into(), "1".into()));
}

#[test]
fn a_deployment_whose_driver_is_killed_is_resumed_and_made_once() {
    let shop = Shop::new();
    let typed = shop.place.deploy("2");
    until("the deployment is asked for", || (shop.made().len() > 1).then_some(()));
    kill(typed.pid());
    shop.place.run(&["resume", "--json"]).exits(0);
    assert_eq!(shop.serving(), "ghcr.io/acme/shop:2");
    assert_eq!(shop.made().len(), 2, "{:?}", shop.made());
}

#[test]
fn a_run_that_is_called_off_while_railway_builds_calls_the_build_off_too() {
    for resumed in [false, true] {
        let shop = Shop::new();
        let typed = shop.place.deploy("2");
        until("the deployment is asked for", || (shop.made().len() > 1).then_some(()));
        if resumed {
            kill(typed.pid());
            shop.place.run(&["abort"]).exits(0);
        } else {
            signal(typed.pid(), Signal::TERM);
            typed.wait().exits(5);
        }
        until("nothing is on its way", || shop.is_quiet().then_some(()));
        assert_eq!(shop.serving(), "ghcr.io/acme/shop:1", "resumed: {resumed}");
        shop.place.run(&["traffic", "watch", "--once"]).exits(0);
    }
}

#[test]
fn breaking_the_glass_goes_back_at_once() {
    let shop = Shop::new();
    shop.configure("1m");
    let typed = shop.place.deploy("2");
    until("the new release has the traffic", || (shop.serving() == "ghcr.io/acme/shop:2").then_some(()));
    shop.place.run(&["traffic", "shift", "--stable", "--now", "--why", "checkout is slow"]).exits(0);
    assert_eq!(shop.serving(), "ghcr.io/acme/shop:1");
    if typed.wait().code != Some(5) {
        shop.place.run(&["resume"]).exits(5);
    }
    assert_eq!(shop.place.stable(), "1");
}

#[test]
fn somebody_elses_deployment_during_the_bake_is_an_incident() {
    let shop = Shop::new();
    shop.configure("1m");
    let typed = shop.place.deploy("2");
    until("the new release has the traffic", || (shop.serving() == "ghcr.io/acme/shop:2").then_some(()));
    shop.standin.push(SERVICE, "ghcr.io/acme/shop:hotfix");
    let ran = typed.wait().exits(5);
    let why = ran.result()["why"].as_str().unwrap().to_owned();
    assert!(why.starts_with("somebody else moved the traffic"), "{why}");
    assert_eq!(shop.serving(), "ghcr.io/acme/shop:1");
}

#[test]
fn what_makes_zero_downtime_impossible_is_refused_and_set_when_asked_to() {
    let shop = Shop::new();
    shop.standin.edit(SERVICE, |settings| {
        (settings.overlap_seconds, settings.draining_seconds) = (None, Some(0));
    });
    let refused = shop.place.run(&["deploy", "--release", "2"]).exits(3);
    insta::assert_snapshot!(refused.err, @"
    error: could not deploy without downtime
      because: overlap: 0 s: the old deployment ends while the edge still sends requests to it
      because: draining: 0 s: the old deployment is killed with its requests in flight

    hint: `handover doctor` says what to do about each, `handover doctor --fix` sets what can be set
    ");
    let doctor = shop.place.run(&["doctor", "--fix"]).exits(0);
    let lines = doctor.out.lines().filter(|line| line.contains("overlap") || line.contains("draining"));
    insta::assert_snapshot!(lines.collect::<Vec<_>>().join("\n"), @"
    ok    overlap       10 s
    ok    draining      60 s from SIGTERM to SIGKILL
    ");
    shop.place.deploy("2").wait().exits(0);
}

#[test]
fn a_token_that_is_missing_or_wrong_is_said() {
    let mut shop = Shop::new();
    shop.place.set_env("RAILWAY_TOKEN", "not-a-token-at-all");
    insta::assert_snapshot!(shop.place.run(&["deploy", "--release", "2"]).exits(3).err, @"
    error: could not ask Railway for the service
      because: railway refused the change
      because: Not Authorized: the token is not valid any more, or has no access to this project and environment: make a new project token in the project's settings, or an account token, and set it
    ");
    shop.place.set_env("RAILWAY_TOKEN", "");
    insta::assert_snapshot!(shop.place.run(&["status"]).exits(2).err, @"
    error: could not find a token
      because: neither RAILWAY_TOKEN nor RAILWAY_API_TOKEN nor `[railway] token_file` is set

    hint: export it in the environment of this command, or name a file that only you can read
    ");
}

#[test]
fn somebody_elses_deployment_after_the_deployment_is_seen_by_who_watches_and_taken_back_when_asked_to() {
    let shop = Shop::new();
    shop.place.deploy("2").wait().exits(0);
    let quiet = shop.place.run(&["traffic", "watch", "--once"]).exits(0);
    assert_eq!(quiet.out, "");
    insta::assert_snapshot!(quiet.err, @"watching that 2 in green keeps the traffic, with a look every 10s");
    shop.standin.push(SERVICE, "ghcr.io/acme/shop:hotfix");
    until("the hotfix has the traffic", || (shop.serving() == "ghcr.io/acme/shop:hotfix").then_some(()));
    let seen = shop.place.run(&["traffic", "watch"]).exits(7);
    insta::assert_snapshot!(seen.out, @"somebody else moved the traffic: it belongs to green, and went to deployment dep-4 (ghcr.io/acme/shop:hotfix)");
    assert!(shop.place.run(&["doctor"]).exits(3).out.contains("FAIL  backend"));
    let back = shop.place.run(&["traffic", "watch", "--once", "--restore"]).exits(5);
    insta::assert_snapshot!(back.out, @"somebody else moved the traffic: it belongs to green, and went to deployment dep-4 (ghcr.io/acme/shop:hotfix); it was taken back");
    assert_eq!(shop.serving(), "ghcr.io/acme/shop:2");
    shop.place.run(&["traffic", "watch", "--once"]).exits(0);
}

#[test]
fn traffic_is_shown_moved_and_drained_by_hand() {
    let shop = Shop::new();
    shop.place.deploy("2").wait().exits(0);
    assert!(shop.place.run(&["traffic", "show"]).exits(0).out.contains("blue"));
    insta::assert_snapshot!(shop.place.run(&["traffic", "shift", "--candidate", "30%"]).exits(3).err, @"
    error: could not move traffic by hand
      because: railway cannot express the split blue 30 % green 70 %

    hint: choose blue-green, or a backend with weighted routing
    ");
    shop.place.run(&["traffic", "drain", "--limit", "20s"]).exits(0);
    assert_eq!(shop.serving(), "ghcr.io/acme/shop:2");
}
