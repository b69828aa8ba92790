use std::process::Command;

use handover_testing::Redis;

fn run(redis: Option<&str>) -> String {
    let mut command = Command::new(env!("CARGO_BIN_EXE_flags_axum"));
    command.env_remove("REDIS_URL").envs(redis.map(|url| ("REDIS_URL", url)));
    let ran = command.output().unwrap();
    let (said, complained) = (String::from_utf8_lossy(&ran.stdout), String::from_utf8_lossy(&ran.stderr));
    assert!(ran.status.success(), "{said}{complained}");
    said.into_owned()
}

/// Half of these hundred users, always the same ones: their places are made of their ids.
const SAID: &str = r#"scan_creation true: 200 queued
scan_creation false: 503 {"error":"Feature temporarily disabled","message":"Scan creation is currently unavailable"}
scan_creation true: 200 queued
new_report: 49 of 100 users
"#;

#[test]
fn a_route_is_switched_off_and_on_while_it_serves_and_another_is_half_rolled_out() {
    assert_eq!(run(None), SAID);
}

#[test]
fn the_same_with_its_flags_in_redis() {
    let Some(redis) = Redis::start() else { return };
    assert_eq!(run(Some(&redis.url())), SAID);
    assert_eq!(redis.command(&["GET", "feature:scan_creation"]), "true");
}
