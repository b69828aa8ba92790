use std::process::Command;

use handover_testing::until;
use serde_json::Value;

use super::World;
use super::process::Service;

fn keys(object: &Value) -> Vec<&str> {
    object.as_object().unwrap().keys().map(String::as_str).collect()
}

#[test]
fn each_endpoint_has_the_keys_of_the_strategy() {
    let Some(world) = World::start() else { return };
    let service = world.ready();
    assert_eq!(keys(&service.json("/health")), ["status", "timestamp", "uptime", "version"]);
    let ready = service.json("/health/ready");
    assert_eq!(keys(&ready), ["checks", "status", "timestamp"]);
    assert_eq!(keys(&ready["checks"]), ["api", "database", "flags", "openai", "redis"]);
    assert!(ready["checks"].as_object().unwrap().values().all(|check| check == "ok"), "{ready}");
    let live = service.json("/health/live");
    assert_eq!(keys(&live), ["memory", "pid", "status", "timestamp"]);
    assert_eq!(keys(&live["memory"]), ["rss"]);
    assert_eq!(service.json("/health/startup")["status"], "started");
    assert_eq!(service.get("/").body, "v1");
}

#[test]
fn a_drain_turns_readiness_at_once_serves_on_and_ends_with_zero() {
    let Some(world) = World::start() else { return };
    let mut service = world.ready();
    service.signal("TERM");
    service.becomes("/health/ready", 503);
    assert!(service.get("/health/ready").head.contains("x-health-state: draining"));
    // What is not told yet still comes, and is served.
    assert_eq!((service.get("/").status, service.get("/health/live").status), (200, 200));
    // The rest of the delay is skipped, and what is under way is still answered.
    let report = std::thread::scope(|scope| {
        let asking = scope.spawn(|| service.get("/report"));
        std::thread::sleep(std::time::Duration::from_millis(20));
        service.signal("TERM");
        asking.join().unwrap()
    });
    assert_eq!((report.status, report.body.as_str()), (200, "report"));
    assert!(service.ends().success());
    assert!(service.log().contains("drained=Clean"), "{}", service.log());
}

#[test]
fn a_signal_during_a_slow_start_up_ends_it() {
    let Some(mut world) = World::start() else { return };
    world.postgres.kill();
    let mut service = world.service();
    assert_eq!(
        [503, 200, 503],
        ["/health/ready", "/health/live", "/health/startup"].map(|p| service.get(p).status)
    );
    service.signal("TERM");
    assert!(service.ends().success());
}

#[test]
fn start_up_goes_on_once_the_database_is_there() {
    let Some(mut world) = World::start() else { return };
    world.postgres.kill();
    let service = world.service();
    until("the database is missed", || {
        (service.json("/health/ready")["checks"]["database"] == "error").then_some(())
    });
    assert_eq!(service.get("/health/startup").status, 503);
    world.postgres.revive();
    service.becomes("/health/startup", 200);
    service.becomes("/health/ready", 200);
}

#[test]
fn what_is_missing_is_named_and_what_it_holds_is_not() {
    let run = |variables: &[(&str, &str)]| {
        let program = env!("CARGO_BIN_EXE_axum_service");
        let ran = Command::new(program).env_clear().envs(variables.iter().copied()).output().unwrap();
        assert!(!ran.status.success());
        String::from_utf8(ran.stderr).unwrap()
    };
    assert!(run(&[]).contains("DATABASE_URL is not set") || run(&[]).contains("DATABASE_URL"));
    let all = [("DATABASE_URL", "postgres://a:hunter2@x/y"), ("REDIS_URL", "redis://x"), ("PORT", "hunter2")];
    let said = run(&all);
    assert!(said.contains("PORT") && !said.contains("hunter2"), "{said}");
    let _ = Service::start;
}
