//! Vercel: promotion, and rolling releases.

use std::time::Duration;

use handover_traffic::testkit::standin::vercel::{VercelSetup, VercelStandin};

use tokio::runtime::Runtime;

use super::super::place::Place;
use super::super::processes::kill;
use super::super::wait::until;
use super::runtime;

const TOKEN: &str = "standintoken";

struct Shop {
    place: Place,
    standin: VercelStandin,
    _runtime: Runtime,
    /// The deployment that has production, which handover has never seen.
    first: String,
}

impl Shop {
    fn new(setup: VercelSetup) -> Self {
        Self::with(setup, Some("v1"))
    }

    /// With production served by this release, or by none.
    fn with(setup: VercelSetup, release: Option<&str>) -> Self {
        let mut place = Place::new();
        let runtime = runtime();
        let standin = runtime.block_on(VercelStandin::start(setup)).unwrap();
        let first = release.map(|release| standin.deploy("shop", release)).unwrap_or_default();
        if release.is_some() {
            standin.settle("shop", &first);
        }
        standin.assign_by_itself("shop", false);
        place.set_env("VERCEL_TOKEN", TOKEN);
        // The stand-in answers for the host names of its project.
        place.set_env("HTTP_PROXY", standin.base());
        place.set_env("NO_PROXY", "127.0.0.1");
        Self { place, standin, _runtime: runtime, first }
    }

    fn promoting() -> Self {
        let shop = Self::new(VercelSetup::default().with_delays(Duration::ZERO, Duration::from_millis(100)));
        shop.configure("mode = \"promote\"", "kind = \"blue-green\"", "200ms");
        shop
    }

    fn rolling() -> Self {
        let shop = Self::new(VercelSetup::default());
        shop.standin.configure("shop", &[10.0, 50.0]);
        let steps = r#"kind = "canary"
steps = [{ weight = "10%", min_time = "100ms", min_requests = 0 }, { weight = "50%", min_time = "100ms", min_requests = 0 }]"#;
        shop.configure("mode = \"rolling\"", steps, "200ms");
        shop
    }

    fn configure(&self, vercel: &str, strategy: &str, bake: &str) {
        // What an existing deployment is called, and what was written on one that was built for a release.
        let header = if vercel.contains("commit:") { "x-handover-release" } else { "x-deployment-id" };
        let text = format!(
            r#"
[service]
name = "shop"
public = "http://shop.example/"
release_headers = ["{header}"]
state_dir = "s"

[traffic]
backend = "vercel"

[vercel]
project = "shop"
team = "my-team"
base = "{}"
address = "http://{{deployment}}/"
poll = "20ms"
{vercel}

[release]
launcher = "vercel"

[[smoke]]
path = "/"

[strategy]
{strategy}
bake = "{bake}"
drain = "1s"

[judge]
on_no_data = "promote"
"#,
            self.standin.base()
        );
        self.place.write("handover.toml", &text);
    }

    fn until_canary_has(&self, bps: u32) {
        let wanted = format!("\"green_bps\":{bps}");
        let shown = || self.place.run(&["traffic", "show", "--json"]).out;
        until("the newcomer has its share", || shown().contains(&wanted).then_some(()));
    }

    fn production(&self) -> String {
        self.standin.production("shop").unwrap()
    }
}

#[test]
fn a_good_release_takes_over_and_is_gone_back_from() {
    let shop = Shop::promoting();
    let second = shop.standin.deploy("shop", "v2");
    shop.configure("release = \"deployment:{release}\"", "kind = \"blue-green\"", "200ms");
    let ran = shop.place.deploy(&second).wait().exits(0);
    assert_eq!(ran.result()["outcome"], "promoted");
    let steps = ["launch", "health", "smoke", "windows", "shift-100", "verify-100", "bake", "settle"];
    assert_eq!(ran.steps(), steps);
    assert_eq!(shop.production(), second);
    shop.place.run(&["rollback"]).exits(0);
    assert_eq!(shop.production(), shop.first);
    shop.place.holds_nowhere(TOKEN);
}

#[test]
fn a_release_is_rolled_out_in_the_projects_stages() {
    let shop = Shop::rolling();
    let second = shop.standin.deploy("shop", "v2");
    let ran = shop.place.deploy(&second).wait().exits(0);
    let shares: Vec<_> = ran.steps().into_iter().filter(|step| step.starts_with("shift")).collect();
    assert_eq!(shares, ["shift-10", "shift-50", "shift-100"]);
    assert_eq!(shop.production(), second);
}

#[test]
fn a_release_that_fails_its_smoke_test_at_its_own_address_is_never_promoted() {
    let shop = Shop::promoting();
    let second = shop.standin.deploy("shop", "v2");
    shop.standin.sicken(&second, http::StatusCode::INTERNAL_SERVER_ERROR);
    let ran = shop.place.deploy(&second).wait().exits(3);
    insta::assert_snapshot!(ran.result()["error"]["causes"][0].as_str().unwrap(), @"release dpl_00000002 failed its smoke test: /: status 500 instead of 200");
    assert_eq!(shop.production(), shop.first);
}

#[test]
fn a_commit_whose_build_fails_never_gets_the_traffic_and_the_report_says_why() {
    let shop = Shop::promoting();
    let of_commits = "mode = \"promote\"\nrelease = \"commit:{release}\"";
    shop.configure(of_commits, "kind = \"blue-green\"", "200ms");
    shop.standin.fail_next_build();
    let ran = shop.place.deploy(&"4f".repeat(20)).wait().exits(3);
    insta::assert_snapshot!(ran.result()["error"]["causes"][0].as_str().unwrap(), @r#"release 4f4f4f4f4f4f4f4f4f4f4f4f4f4f4f4f4f4f4f4f did not come up: deployment dpl_00000002 (shop-00000002.example) is ERROR: Command "npm run build" exited with 1"#);
    assert_eq!(shop.production(), shop.first);
    shop.place.deploy(&"4f".repeat(20)).wait().exits(0);
    assert_ne!(shop.production(), shop.first, "another run has it built again");
}

#[test]
fn a_deployment_whose_driver_is_killed_in_a_stage_is_resumed() {
    let shop = Shop::rolling();
    let steps = "kind = \"canary\"\nsteps = [{ weight = \"10%\", min_time = \"3s\", min_requests = 0 }]";
    shop.configure("mode = \"rolling\"", steps, "200ms");
    let second = shop.standin.deploy("shop", "v2");
    let typed = shop.place.deploy(&second);
    shop.until_canary_has(1_000);
    kill(typed.pid());
    shop.place.run(&["resume", "--json"]).exits(0);
    assert_eq!(shop.production(), second);
}

#[test]
fn a_share_that_is_no_stage_is_refused_while_planning() {
    let shop = Shop::rolling();
    let second = shop.standin.deploy("shop", "v2");
    let steps = "kind = \"canary\"\nsteps = [{ weight = \"25%\" }]";
    shop.configure("mode = \"rolling\"", steps, "200ms");
    let before = shop.standin.changes();
    let refused = shop.place.run(&["deploy", "--release", &second]).exits(3);
    insta::assert_snapshot!(refused.err, @"
    error: could not deploy without downtime
      because: stages: the project's stages are 10 %, 50 %; the plan has 25 %

    hint: `handover doctor` says what to do about each, `handover doctor --fix` sets what can be set
    ");
    assert_eq!(shop.standin.changes(), before);
}

#[test]
fn breaking_the_glass_aborts_the_rolling_release() {
    let shop = Shop::rolling();
    let steps = "kind = \"canary\"\nsteps = [{ weight = \"10%\", min_time = \"1m\" }]";
    shop.configure("mode = \"rolling\"", steps, "200ms");
    let second = shop.standin.deploy("shop", "v2");
    let typed = shop.place.deploy(&second);
    shop.until_canary_has(1_000);
    shop.place.run(&["traffic", "shift", "--stable", "--now", "--why", "checkout is slow"]).exits(0);
    let shown = shop.place.run(&["traffic", "show"]).exits(0).out;
    assert!(shown.contains("blue   v1") || shown.contains("100 %"), "{shown}");
    if typed.wait().code != Some(5) {
        shop.place.run(&["resume"]).exits(5);
    }
    assert_eq!(shop.production(), shop.first);
}

#[test]
fn builds_that_take_production_by_themselves_are_refused_and_set_right_when_asked_to() {
    let shop = Shop::promoting();
    shop.standin.assign_by_itself("shop", true);
    insta::assert_snapshot!(shop.place.run(&["deploy", "--release", "dpl_00000002"]).exits(3).err, @"
    error: could not deploy without downtime
      because: auto-assign: each production build takes all traffic at once, before anybody has looked at it

    hint: `handover doctor` says what to do about each, `handover doctor --fix` sets what can be set
    ");
    let doctor = shop.place.run(&["doctor", "--fix"]).exits(0);
    assert!(doctor.out.contains("ok    auto-assign"), "{}", doctor.out);
    let second = shop.standin.deploy("shop", "v2");
    shop.place.deploy(&second).wait().exits(0);
}

#[test]
fn a_project_that_never_had_production_takes_its_first_release() {
    let shop = Shop::with(VercelSetup::default(), None);
    shop.configure("mode = \"promote\"", "kind = \"blue-green\"", "200ms");
    let first = shop.standin.deploy("shop", "v1");
    shop.place.deploy(&first).wait().exits(0);
    assert_eq!((shop.production(), shop.place.stable()), (first.clone(), first));
}

#[test]
fn a_run_that_is_called_off_while_vercel_promotes_is_rolled_back_after_it() {
    let shop = Shop::new(VercelSetup::default().with_delays(Duration::ZERO, Duration::from_secs(1)));
    shop.configure("mode = \"promote\"", "kind = \"blue-green\"", "200ms");
    let second = shop.standin.deploy("shop", "v2");
    let before = shop.standin.changes();
    let typed = shop.place.deploy(&second);
    until("the promotion is asked for", || (shop.standin.changes() != before).then_some(()));
    kill(typed.pid());
    shop.place.run(&["abort"]).exits(0);
    shop.standin.pass(Duration::from_secs(5));
    assert_eq!(shop.production(), shop.first);
    shop.place.run(&["traffic", "watch", "--once"]).exits(0);
}

#[test]
fn traffic_is_shown_moved_and_drained_by_hand() {
    let shop = Shop::rolling();
    let second = shop.standin.deploy("shop", "v2");
    shop.place.deploy(&second).wait().exits(0);
    assert!(shop.place.run(&["traffic", "show"]).exits(0).out.contains("blue"));
    insta::assert_snapshot!(shop.place.run(&["traffic", "shift", "--candidate", "30%"]).exits(3).err, @"
    error: could not move traffic by hand
      because: vercel cannot express the split blue 30 % green 70 %

    hint: choose blue-green, or a backend with weighted routing
    ");
    shop.place.run(&["traffic", "drain", "--limit", "5s"]).exits(0);
    shop.place.run(&["traffic", "shift", "--candidate", "10%"]).exits(0);
    let shown = shop.place.run(&["traffic", "show", "--json"]).exits(0).out;
    assert!(shown.contains("\"blue_bps\":1000"), "{shown}");
    shop.place.run(&["traffic", "shift", "--stable"]).exits(0);
    assert_eq!(shop.production(), second);
}
