use std::time::Duration;

use handover_testing::until;

use super::process::Service;
use super::{FALL, PASSWORD, PERIOD, World};

/// A dead dependency shows within its falls and the last check's time; twice that, since other tests need the processor too.
const SEEN: Duration = PERIOD.saturating_mul((FALL + 1) * 10);

/// As it is while the database is gone: not ready, alive, and quick to say so.
fn out(service: &Service, class: &str) {
    let took = service.becomes("/health/ready", 503);
    assert!(took < SEEN, "{took:?}");
    assert_eq!(service.json("/health/ready")["checks"]["database"], "error");
    let text = service.get("/health/ready?verbose").body;
    assert!(text.contains(&format!("[-]database failed: {class}")), "{text}");
    assert_eq!(service.get("/health/live").status, 200);
}

fn back(service: &Service) {
    service.becomes("/health/ready", 200);
    assert_eq!(service.json("/health/ready")["checks"]["database"], "ok");
}

#[test]
fn a_database_that_is_killed_or_frozen_shows_and_comes_back() {
    let Some(mut world) = World::start() else { return };
    let service = world.ready();
    world.postgres.kill();
    out(&service, "refused");
    world.postgres.revive();
    back(&service);
    world.postgres.freeze();
    out(&service, "timeout");
    world.postgres.thaw();
    back(&service);
    let shown = service.log() + &service.get("/health/ready?format=health+json").body;
    assert!(!shown.contains(PASSWORD) && !shown.contains("handover@"), "{shown}");
}

#[test]
fn what_users_can_do_without_is_said_and_keeps_nobody_away() {
    let Some(mut world) = World::start() else { return };
    let service = world.ready();
    world.redis.kill();
    until("Redis is missed", || (service.json("/health/ready")["checks"]["redis"] == "error").then_some(()));
    let ready = service.json("/health/ready");
    assert_eq!((&ready["status"], &ready["degraded"]), (&"ready".into(), &true.into()));
    assert_eq!(service.get("/health/ready").status, 200);
}

#[test]
fn an_api_that_is_down_takes_nobody_out_and_is_not_asked_more_often_for_it() {
    let Some(world) = World::start() else { return };
    world.api.breaks();
    let service = world.ready();
    for _ in 0..200 {
        service.get("/health/ready");
    }
    // One at the start, and one a minute's fifth later at most.
    assert!(world.api.calls() <= 2, "{}", world.api.calls());
    assert_eq!(service.get("/health/ready").status, 200);
}
