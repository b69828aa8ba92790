use handover_testing::until;

use super::World;
use super::process::{Answer, Service};

const OFF: &str =
    r#"{"error":"Feature temporarily disabled","message":"Scan creation is currently unavailable"}"#;

fn scan(service: &Service) -> Answer {
    service.ask("POST /scans").unwrap()
}

/// As the operator does it: `redis-cli SET feature:scan_creation false`.
fn set(world: &World, service: &Service, text: &str, status: u16) {
    world.redis.command(&["SET", "feature:scan_creation", text]);
    until("the switch is felt", || (scan(service).status == status).then_some(()));
}

#[test]
fn an_operator_switches_scans_off_and_on_and_nothing_else() {
    let Some(world) = World::start() else { return };
    let service = world.ready();
    assert_eq!(scan(&service).status, 200, "nobody has said anything: the safe value");
    set(&world, &service, "false", 503);
    let off = scan(&service);
    assert_eq!(off.body, OFF);
    assert!(off.head.contains("cache-control: no-store"), "{}", off.head);
    let others = ["/", "/scans/1", "/health/ready"].map(|path| service.get(path).status);
    assert_eq!(others, [200, 200, 200]);
    set(&world, &service, "true", 200);
}

#[test]
fn without_redis_the_last_word_holds_and_old_flags_take_nobody_out() {
    let Some(mut world) = World::start() else { return };
    let service = world.ready();
    set(&world, &service, "false", 503);
    world.redis.kill();
    until("the flags are known to be old", || {
        (service.json("/health/ready")["checks"]["flags"] == "error").then_some(())
    });
    assert_eq!(scan(&service).status, 503);
    assert_eq!(service.get("/health/ready").status, 200);
    let text = service.get("/health/ready?verbose").body;
    assert!(text.contains("flags failed, traffic goes on: other"), "{text}");
}

#[test]
fn a_restart_while_redis_is_down_serves_what_was_last_said() {
    let Some(mut world) = World::start() else { return };
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("flags.last");
    let kept = file.display().to_string();
    let service = world.service_with(&[("LAST_FLAGS", &kept)]);
    service.becomes("/health/ready", 200);
    set(&world, &service, "false", 503);
    until("it is written down", || std::fs::read_to_string(&file).ok().filter(|text| text.contains("false")));
    drop(service);
    world.redis.kill();
    let service = world.service_with(&[("LAST_FLAGS", &kept)]);
    service.becomes("/health/ready", 200);
    assert_eq!(scan(&service).status, 503);
}
