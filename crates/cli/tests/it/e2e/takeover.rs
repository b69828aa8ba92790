//! Releases take over under load, and a bad one is taken back.

use super::{Config, Service, Users};

#[test]
fn four_releases_in_a_row_take_over_under_load_and_no_request_fails() {
    let service = Service::serving(&Config::canary("50%", "1s"));
    let users = Users::arrive(&service, 100);
    for release in ["v2", "v3"] {
        service.write_release(release, "");
        let ran = service.deploy(release).exits(0);
        assert_eq!(
            (&ran.result()["outcome"], &ran.result()["release"]),
            (&"promoted".into(), &release.into())
        );
        assert_eq!(service.stable(), (release.to_owned(), true));
    }
    // The third needed the slot in which the first was kept warm.
    service.write_release("v4", "");
    let mut elsewhere = service.command();
    elsewhere.current_dir("/").arg("--config").arg(service.path("handover.toml"));
    elsewhere.args(["deploy", "--release", "v4", "--artifact"]).arg(service.path("v4"));
    service.start_command(elsewhere).wait().exits(0);
    let report = users.leave();
    assert_eq!((report.failed, report.harmed), (0, 0), "{report:?}");
    assert_eq!(report.releases.keys().collect::<Vec<_>>(), ["v1", "v2", "v3", "v4"]);
    assert!(["v1", "v2", "v3", "v4"].iter().all(|release| service.starts(release) == 1));
    let kept = service.status().unwrap().slots.map(|_, slot| slot.release.unwrap().to_string());
    assert_eq!((kept.blue.as_str(), kept.green.as_str()), ("v3", "v4"));
}

#[test]
fn a_release_that_fails_its_users_is_taken_back_and_nobody_elses_answers_suffer() {
    let service = Service::serving(&Config::canary("50%", "30s"));
    let users = Users::arrive(&service, 100);
    service.write_release("v2", "--fail-share 0.5");
    let ran = service.deploy("v2").exits(5);
    let result = ran.result();
    assert_eq!(result["outcome"], "rolled_back");
    assert_eq!(service.stable(), ("v1".to_owned(), true));
    let report = users.leave();
    assert_eq!(report.failed, 0, "{report:?}");
    assert_eq!((report.releases["v1"].harmed, report.releases["v2"].harmed), (0, report.harmed));
    assert!(report.harmed >= 5 && report.releases["v2"].ok > 0, "{report:?}");
    let why = result["why"].as_str().unwrap();
    assert!(why.contains("candidate requests failed") && why.contains('%'), "{why}");
    let tale = service.run(&["explain"]).exits(0).out;
    assert!(tale.contains(why), "{tale}");
}
