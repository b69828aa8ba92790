//! A release that answers its users and the edge well, and is not seen from outside.

use serde_json::Value;

use super::wait::until;
use super::{Config, Service, Users};

/// Long enough for the views to be asked many times, at 50 ms.
const BAKE: &str = "4s";

/// Deploys `v2`, which fails these paths, over `v1`, with users about; what came of it, and how they were answered.
fn deployed(service: &Service, fail_paths: &str) -> super::typed::Ran {
    let users = Users::arrive(service, 100);
    service.write_release("v2", &format!("--fail-paths {fail_paths}"));
    let ran = service.deploy("v2");
    let report = users.leave();
    assert_eq!((report.failed, report.harmed), (0, 0), "{report:?}");
    assert!(report.releases["v2"].ok > 0, "nobody came to v2: {report:?}");
    ran
}

fn status(service: &Service) -> Value {
    serde_json::from_str(&service.run(&["status", "--json"]).exits(0).out).unwrap()
}

/// The view's path, how it stands, and whether it counts.
fn views(run: &Value) -> Vec<(String, String, bool)> {
    let line = |view: &Value| {
        let (name, standing) = (view["name"].as_str().unwrap(), view["standing"].as_str().unwrap());
        (
            name[name.find("/view").unwrap()..].to_owned(),
            standing.to_owned(),
            view["counts"].as_bool().unwrap(),
        )
    };
    run["views"].as_array().unwrap().iter().map(line).collect()
}

fn line(path: &str, standing: &str) -> (String, String, bool) {
    (path.to_owned(), standing.to_owned(), true)
}

#[test]
fn a_release_that_two_of_three_views_lose_is_taken_back_in_the_bake_though_its_users_are_served() {
    let service = Service::serving(&Config::blue_green(BAKE).with_views());
    let ran = deployed(&service, "/view/1,/view/3").exits(5);
    let why = service.plain(ran.result()["why"].as_str().unwrap());
    insta::with_settings!({ filters => [(r"for [0-9ms ]+\)", "for TIME)")] }, {
        insta::assert_snapshot!(why, @"2 of 3 outside views lost the service after the switch, and 1 may: http://127.0.0.1:PORT/view/1 (answered 503, for TIME), http://127.0.0.1:PORT/view/3 (answered 503, for TIME)");
    });
    assert!(ran.steps().contains(&"verify-100".to_owned()) && !ran.steps().contains(&"bake".to_owned()));
    assert_eq!(service.stable(), ("v1".to_owned(), true));
    let run = &status(&service)["run"];
    assert_eq!(views(run), [line("/view/1", "down"), line("/view/2", "up"), line("/view/3", "down")]);
    assert_eq!(run["views"][0]["class"]["status"], 503);
    let told = service.run(&["log"]).exits(0).out;
    assert!(told.contains("/view/1 is down (answered 503), after being up for"), "{told}");
    assert!(told.contains("3 of 3 outside views see the service well"), "{told}");
}

#[test]
fn a_release_that_one_of_three_views_loses_stays_and_the_status_says_which() {
    let service = Service::serving(&Config::blue_green(BAKE).with_views());
    let ran = deployed(&service, "/view/2").exits(0);
    assert_eq!(ran.result()["outcome"], "promoted");
    assert_eq!(service.stable(), ("v2".to_owned(), true));
    let run = &status(&service)["run"];
    assert_eq!(views(run), [line("/view/1", "up"), line("/view/2", "down"), line("/view/3", "up")]);
    assert!(run["views"][0]["checks"].as_u64().unwrap() > 3 && run["views"][0]["p95_ms"].is_u64(), "{run}");
    let shown = service.run(&["status"]).exits(0).out;
    assert!(shown.contains("/view/2 down (answered 503)"), "{shown}");
    let looked = service.run(&["doctor", "--json"]).out;
    let checks: Value = serde_json::from_str(&looked).unwrap();
    let asked = checks["checks"].as_array().unwrap().iter().filter(|check| check["name"] == "view");
    assert_eq!(
        asked.map(|check| check["finding"].as_str().unwrap()).collect::<Vec<_>>(),
        ["ok", "warn", "ok"]
    );
}

/// A Prometheus at the agent sees what the driver counts, while the run goes on.
#[test]
fn what_is_counted_at_the_views_is_in_the_agents_metrics_until_the_run_is_over() {
    let service = Service::serving(&Config::canary("50%", "1m").with_views());
    service.write_release("v2", "");
    let deploy = service.start_deploy("v2");
    service.until_candidate_has(5_000);
    let counted = |path: &str, metric: &str| {
        let wanted = format!("{metric}{{view=\"http://127.0.0.1:{}{path}\"", service.port());
        let text = service.metrics();
        let line = text.lines().find(|line| line.starts_with(&wanted))?;
        line.rsplit_once(' ')?.1.parse::<u64>().ok()
    };
    for path in ["/view/1", "/view/2", "/view/3"] {
        until("the view is up and was asked", || {
            let checks =
                counted(path, "handover_view_check_duration_seconds_count").filter(|checks| *checks > 3);
            (counted(path, "handover_view_up") == Some(1)).then_some(checks?)
        });
    }
    service.run(&["promote", "--full"]).exits(0);
    deploy.wait().exits(0);
    assert_eq!(counted("/view/1", "handover_view_up"), None);
}

/// Views that stable cannot satisfy either are said not to count, and the deployment goes ahead.
#[test]
fn views_that_failed_before_the_switch_take_nothing_back_and_that_is_said() {
    let service = Service::new(&Config::blue_green("1s").with_views());
    service.write_release("v1", "--fail-paths /view/1,/view/2");
    service.deploy("v1").exits(0);
    deployed(&service, "/view/1,/view/2,/view/3").exits(0);
    let told = service.run(&["log"]).exits(0).out;
    assert!(told.contains("warning: too few to decide anything, so they are only told of"), "{told}");
}
