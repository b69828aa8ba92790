//! A deployment with flags in a real file, through the agent and its driver.

use std::fs;

use serde_json::{Value, json};

use super::{Config, Service, Users};

const FLAGS: &str = r#"
[flags]
store = "file:flags.json"

[[flags.set]]
flag = "schema_v2"
to = true
at = "before-launch"

[[flags.set]]
flag = "old_ui"
to = false
at = "before-shift"

[[flags.set]]
flag = "new_checkout"
to = true
at = "at-full"
on_rollback = "kill"
"#;

/// Stable serves, without flags, and these are there.
fn serving(more: &'static str) -> Service {
    let service = Service::serving(&Config::blue_green("2s"));
    service.configure(&Config::blue_green("2s").with(more));
    let before = json!({ "flags": { "old_ui": { "enabled": true }, "other": { "enabled": true } } });
    fs::write(service.path("flags.json"), before.to_string()).unwrap();
    service
}

/// Each flag in the file and whether it is on.
fn flags(service: &Service) -> String {
    let file: Value = serde_json::from_slice(&fs::read(service.path("flags.json")).unwrap()).unwrap();
    let all = file["flags"].as_object().unwrap().iter();
    all.map(|(name, flag)| format!("{name}={}", flag["enabled"])).collect::<Vec<_>>().join(" ")
}

fn told(service: &Service) -> String {
    let log = service.run(&["log"]).exits(0).out;
    let lines = log.lines().filter_map(|line| Some(line[line.find("flags-")?..].to_owned()));
    lines.collect::<Vec<_>>().join("\n")
}

#[test]
fn a_bad_release_is_taken_back_and_its_flags_are_as_before() {
    let service = serving(FLAGS);
    let users = Users::arrive(&service, 100);
    service.write_release("v2", "--fail-share 1");
    let ran = service.deploy("v2").exits(5);
    users.leave();
    assert_eq!(flags(&service), "new_checkout=false old_ui=true other=true");
    assert_eq!(service.stable(), ("v1".to_owned(), true));
    let steps = ran.steps();
    let at = |name: &str| steps.iter().position(|step| step == name).unwrap_or_else(|| panic!("{steps:?}"));
    assert!(at("flags-before-launch") < at("launch") && at("flags-before-shift") < at("shift-100"));
    assert!(at("verify-restored") < at("flags-kill") && at("flags-kill") < at("flags-restore"));
    insta::assert_snapshot!(told(&service), @"
    flags-before-launch schema_v2 is true now, not set before
    flags-before-shift old_ui is false now, true before
    flags-at-full    new_checkout is true now, not set before
    flags-kill       new_checkout is turned off, true before
    flags-restore    old_ui is true, as before; schema_v2 is not set, as before
    ");
    let status: Value = serde_json::from_str(&service.run(&["status", "--json"]).exits(0).out).unwrap();
    assert_eq!(status["run"]["flags"]["old_ui"], json!({ "restored": { "to": "true" } }));
}

#[test]
fn a_good_release_sets_its_flags_and_a_dry_run_says_what_they_are() {
    let service = serving(FLAGS);
    service.write_release("v2", "");
    let plan = service
        .plain(&service.run(&["deploy", "--release", "v2", "--artifact", "v2", "--dry-run"]).exits(0).out);
    let of_flags =
        plan.lines().skip_while(|line| !line.starts_with("flags in")).collect::<Vec<_>>().join("\n");
    assert!(of_flags.contains("flags.json"), "{plan}");
    assert!(
        of_flags.contains("old_ui             true now")
            && of_flags.contains("schema_v2          not set now"),
        "{plan}"
    );
    assert_eq!(flags(&service), "old_ui=true other=true", "a dry run changes nothing");
    service.deploy("v2").exits(0);
    assert_eq!(flags(&service), "new_checkout=true old_ui=false other=true schema_v2=true");
}

#[test]
fn a_store_that_is_not_well_is_said_before_anything_is_done() {
    let service = serving(FLAGS);
    fs::write(service.path("flags.json"), "{").unwrap();
    service.write_release("v2", "");
    let ran = service.deploy("v2").exits(3);
    assert!(ran.out.contains("could not see to the flags of the run"), "{}", ran.out);
    assert_eq!(service.stable(), ("v1".to_owned(), true));
    let looked = service.run(&["doctor", "--json"]).out;
    let checks: Value = serde_json::from_str(&looked).unwrap();
    let check = checks["checks"].as_array().unwrap().iter().find(|check| check["name"] == "flags").unwrap();
    assert_eq!(check["finding"], "fail");
}
