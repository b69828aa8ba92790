use handover_health::{HealthProbe as _, ProbeClass, RedisProbe};
use handover_testing::{Fault, FaultProxy, Redis};

use super::{LONG, SHORT, class_of, error_of, says, well_again};
use crate::server::PLENTY;

fn of(url: &str) -> RedisProbe {
    RedisProbe::connect(url).unwrap()
}

#[tokio::test]
async fn a_check_is_one_ping_on_a_kept_connection() {
    let Some(redis) = Redis::start() else { return };
    let before = redis.calls("ping");
    let proxy = FaultProxy::start(redis.addr()).await;
    let probe = of(&redis.url_at(proxy.addr()));
    for _ in 0..5 {
        probe.check(PLENTY).await.unwrap();
    }
    assert_eq!((redis.calls("ping") - before, proxy.connections()), (5, 1));
}

#[tokio::test]
async fn a_killed_server_is_refused_and_its_return_is_seen() {
    let Some(mut redis) = Redis::start() else { return };
    let probe = of(&redis.url());
    probe.check(PLENTY).await.unwrap();
    redis.kill();
    for _ in 0..3 {
        assert_eq!(class_of(&probe, LONG).await, ProbeClass::Refused);
    }
    redis.revive();
    probe.check(PLENTY).await.unwrap();
}

#[tokio::test]
async fn a_restart_between_two_checks_is_no_failure() {
    let Some(mut redis) = Redis::start() else { return };
    let probe = of(&redis.url());
    probe.check(PLENTY).await.unwrap();
    redis.kill();
    redis.revive();
    probe.check(PLENTY).await.unwrap();
}

#[tokio::test]
async fn a_frozen_server_is_a_timeout_with_and_without_a_connection() {
    let Some(redis) = Redis::start() else { return };
    let probe = of(&redis.url());
    probe.check(PLENTY).await.unwrap();
    redis.freeze();
    for _ in 0..3 {
        assert_eq!(class_of(&probe, SHORT).await, ProbeClass::Timeout);
    }
    redis.thaw();
    well_again(&probe).await;
}

#[tokio::test]
async fn a_broken_network_is_a_reset_a_timeout_or_a_refusal_and_heals() {
    let Some(redis) = Redis::start_with(&["requirepass s3cret"]) else { return };
    let proxy = FaultProxy::start(redis.addr()).await;
    let probe = of(&redis.url_at(proxy.addr()));
    for (fault, deadline, class) in [
        (Fault::Reset, LONG, ProbeClass::Reset),
        (Fault::BlackHole, SHORT, ProbeClass::Timeout),
        (Fault::Refuse, LONG, ProbeClass::Refused),
    ] {
        probe.check(PLENTY).await.unwrap();
        proxy.set(fault).await;
        for _ in 0..3 {
            assert_eq!(class_of(&probe, deadline).await, class, "{fault:?}");
        }
        proxy.set(Fault::Pass).await;
        well_again(&probe).await;
    }
}

#[tokio::test]
async fn a_missing_or_wrong_password_is_about_credentials_and_is_not_printed() {
    let Some(redis) = Redis::start_with(&["requirepass r1ght"]) else { return };
    of(&redis.url()).check(PLENTY).await.unwrap();
    for login in [":wr0ng@", "somebody:wr0ng@", ""] {
        let probe = of(&format!("redis://{login}{}/", redis.addr()));
        let error = error_of(&probe, LONG).await;
        assert_eq!(error.class(), ProbeClass::Auth, "{login}");
        assert!(!format!("{probe:?}{error}{error:?}{}", error.detail()).contains("wr0ng"));
    }
}

#[tokio::test]
async fn one_that_is_loading_is_not_ready_yet() {
    let Some(mut redis) = Redis::start_with(&["requirepass s3cret"]) else { return };
    let probe = of(&redis.url());
    probe.check(PLENTY).await.unwrap();
    redis.restart_held();
    assert_eq!(class_of(&probe, LONG).await, ProbeClass::Unready);
    redis.release();
    probe.check(PLENTY).await.unwrap();
}

#[tokio::test]
async fn a_server_with_no_connection_left_is_exhausted() {
    for settings in [&["maxclients 1"][..], &["maxclients 1", "requirepass s3cret"]] {
        let Some(redis) = Redis::start_with(settings) else { return };
        let first = of(&redis.url());
        well_again(&first).await;
        let second = of(&redis.url());
        for _ in 0..10 {
            assert_eq!(class_of(&second, LONG).await, ProbeClass::Exhausted, "{settings:?}");
        }
        drop(first);
        well_again(&second).await;
    }
}

#[tokio::test]
async fn no_tls_session_comes_about_with_a_server_that_speaks_none() {
    let plain = says(b"-ERR Protocol error\r\n").await;
    assert_eq!(class_of(&of(&format!("rediss://{plain}/")), LONG).await, ProbeClass::Tls);
}

#[tokio::test]
async fn a_server_of_something_else_is_a_protocol_error() {
    let web = says(b"HTTP/1.1 400 Bad Request\r\n\r\n").await;
    assert_eq!(class_of(&of(&format!("redis://{web}/")), LONG).await, ProbeClass::Protocol);
}

#[tokio::test]
async fn a_name_that_nobody_has_does_not_resolve() {
    assert_eq!(class_of(&of("redis://nobody.invalid/"), LONG).await, ProbeClass::Dns);
}

#[test]
fn what_is_no_address_of_redis_is_refused_without_being_shown() {
    for url in ["postgres://host", "redis://:s3cret@host:port", "rediss://:s3cret@host/#insecure", "s3cret"] {
        let refused = RedisProbe::connect(url).expect_err("no URL").to_string();
        assert_eq!(refused, r#"the address is not one such as "redis://:password@host:6379/0""#);
    }
}

#[test]
fn it_prints_neither_address_nor_secrets() {
    let probe = of("rediss://user:s3cret@secret.host/");
    insta::assert_snapshot!(format!("{probe:?}"), @"RedisProbe { .. }");
}
