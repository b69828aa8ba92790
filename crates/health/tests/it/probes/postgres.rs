use handover_health::{HealthProbe as _, PostgresProbe, ProbeClass};
use handover_testing::{Fault, FaultProxy, Postgres, PostgresSettings};
use sqlx::postgres::{PgPool, PgPoolOptions};
use sqlx::{Connection as _, PgConnection};

use super::{LONG, SHORT, class_of, error_of, says, well_again};
use crate::server::PLENTY;

fn own(url: &str) -> PostgresProbe {
    PostgresProbe::connect(url).unwrap()
}

/// A pool of two that has not connected yet.
fn pool(url: &str) -> PgPool {
    PgPoolOptions::new().max_connections(2).connect_lazy(url).unwrap()
}

/// With a connection of its own, and with a pool's.
fn both(url: &str) -> [PostgresProbe; 2] {
    [own(url), PostgresProbe::pool(pool(url))]
}

fn logging() -> Option<Postgres> {
    Postgres::start_with(PostgresSettings { log_statements: true, ..PostgresSettings::default() })
}

#[tokio::test]
async fn a_check_is_one_statement_on_a_kept_connection() {
    let Some(postgres) = logging() else { return };
    let proxy = FaultProxy::start(postgres.addr()).await;
    let probe = own(&postgres.url_at(proxy.addr()));
    for _ in 0..5 {
        probe.check(PLENTY).await.unwrap();
    }
    assert_eq!((postgres.statements("SELECT 1"), proxy.connections()), (5, 1));
}

#[tokio::test]
async fn a_check_by_the_pool_is_one_statement() {
    let Some(postgres) = logging() else { return };
    let probe = PostgresProbe::pool(pool(&postgres.url()));
    for _ in 0..5 {
        probe.check(PLENTY).await.unwrap();
    }
    assert_eq!(postgres.statements(""), 5);
}

#[tokio::test]
async fn it_may_ask_something_else() {
    let Some(postgres) = logging() else { return };
    own(&postgres.url()).with_query("SELECT 'something else'").check(PLENTY).await.unwrap();
    assert_eq!(postgres.statements("something else"), 1);
    let missing = own(&postgres.url()).with_query("SELECT * FROM missing_table");
    let error = error_of(&missing, LONG).await;
    assert_eq!(error.class(), ProbeClass::Rejected);
    assert!(
        error.detail().contains("missing_table") && !format!("{error}{error:?}").contains("missing_table")
    );
}

#[tokio::test]
async fn a_killed_server_is_refused_and_its_return_is_seen() {
    let Some(mut postgres) = Postgres::start() else { return };
    for probe in both(&postgres.url()) {
        probe.check(PLENTY).await.unwrap();
        postgres.kill();
        for _ in 0..3 {
            assert_eq!(class_of(&probe, LONG).await, ProbeClass::Refused, "{probe:?}");
        }
        postgres.revive();
        probe.check(PLENTY).await.unwrap();
    }
}

#[tokio::test]
async fn a_restart_between_two_checks_is_no_failure() {
    let Some(mut postgres) = Postgres::start() else { return };
    for probe in both(&postgres.url()) {
        probe.check(PLENTY).await.unwrap();
        postgres.kill();
        postgres.revive();
        probe.check(PLENTY).await.unwrap();
    }
}

#[tokio::test]
async fn a_frozen_server_is_a_timeout_with_and_without_a_connection() {
    let Some(postgres) = Postgres::start() else { return };
    for probe in both(&postgres.url()) {
        probe.check(PLENTY).await.unwrap();
        postgres.freeze();
        for _ in 0..3 {
            assert_eq!(class_of(&probe, SHORT).await, ProbeClass::Timeout, "{probe:?}");
        }
        postgres.thaw();
        well_again(&probe).await;
    }
}

#[tokio::test]
async fn a_broken_network_is_a_reset_a_timeout_or_a_refusal_and_heals() {
    let Some(postgres) = Postgres::start() else { return };
    let faults = [
        (Fault::Reset, LONG, ProbeClass::Reset),
        (Fault::BlackHole, SHORT, ProbeClass::Timeout),
        (Fault::Refuse, LONG, ProbeClass::Refused),
    ];
    let proxy = FaultProxy::start(postgres.addr()).await;
    for (probe, (fault, deadline, class)) in
        both(&postgres.url_at(proxy.addr())).iter().flat_map(|probe| faults.map(|fault| (probe, fault)))
    {
        probe.check(PLENTY).await.unwrap();
        proxy.set(fault).await;
        for _ in 0..3 {
            assert_eq!(class_of(probe, deadline).await, class, "{probe:?} {fault:?}");
        }
        proxy.set(Fault::Pass).await;
        well_again(probe).await;
    }
}

#[tokio::test]
async fn a_wrong_password_is_about_credentials_and_is_not_printed() {
    let settings = PostgresSettings { password: Some("r1ght".into()), ..PostgresSettings::default() };
    let Some(postgres) = Postgres::start_with(settings) else { return };
    for probe in both(&postgres.url()) {
        probe.check(PLENTY).await.unwrap();
    }
    let wrong = postgres.url().replace("r1ght", "wr0ng");
    for probe in both(&wrong) {
        let error = error_of(&probe, LONG).await;
        assert_eq!(error.class(), ProbeClass::Auth, "{probe:?}");
        assert!(!format!("{probe:?}{error}{error:?}{}", error.detail()).contains("wr0ng"));
    }
}

#[tokio::test]
async fn one_that_is_starting_up_is_not_ready_yet() {
    let Some(mut postgres) = Postgres::start() else { return };
    let probes = both(&postgres.url());
    postgres.restart_held();
    for probe in &probes {
        assert_eq!(class_of(probe, LONG).await, ProbeClass::Unready, "{probe:?}");
    }
    postgres.release();
    for probe in &probes {
        probe.check(PLENTY).await.unwrap();
    }
}

#[tokio::test]
async fn a_standby_is_well_unless_it_has_to_take_writes() {
    let Some(mut postgres) = Postgres::start() else { return };
    let (reads, writes) = (own(&postgres.url()), own(&postgres.url()).writable());
    writes.check(PLENTY).await.unwrap();
    postgres.restart_as_standby();
    reads.check(PLENTY).await.unwrap();
    assert_eq!(class_of(&writes, LONG).await, ProbeClass::Unready);
}

#[tokio::test]
async fn a_server_with_no_connection_left_is_exhausted() {
    let settings = PostgresSettings { max_connections: Some(2), ..PostgresSettings::default() };
    let Some(postgres) = Postgres::start_with(settings) else { return };
    let first = PgConnection::connect(&postgres.url()).await.unwrap();
    let second = PgConnection::connect(&postgres.url()).await.unwrap();
    let probes = both(&postgres.url());
    for probe in &probes {
        assert_eq!(class_of(probe, LONG).await, ProbeClass::Exhausted, "{probe:?}");
    }
    first.close().await.unwrap();
    second.close().await.unwrap();
    for probe in &probes {
        well_again(probe).await;
    }
}

#[tokio::test]
async fn a_pool_with_no_connection_left_is_exhausted() {
    let Some(postgres) = Postgres::start() else { return };
    let pool = pool(&postgres.url());
    let probe = PostgresProbe::pool(pool.clone());
    let out = (pool.acquire().await.unwrap(), pool.acquire().await.unwrap());
    assert_eq!(class_of(&probe, SHORT).await, ProbeClass::Exhausted);
    drop(out);
    probe.check(PLENTY).await.unwrap();
}

#[tokio::test]
async fn a_pool_gets_no_connection_back_that_is_still_to_answer() {
    let Some(postgres) = Postgres::start() else { return };
    let pool = pool(&postgres.url());
    let slow = PostgresProbe::pool(pool.clone()).with_query("SELECT pg_sleep(600)");
    for _ in 0..5 {
        assert_eq!(class_of(&slow, SHORT).await, ProbeClass::Timeout);
        assert_eq!(pool.size(), 0);
    }
    PostgresProbe::pool(pool.clone()).check(PLENTY).await.unwrap();
    assert_eq!(pool.size(), 1);
}

#[tokio::test]
async fn a_check_that_is_dropped_takes_its_connection_with_it() {
    let Some(postgres) = Postgres::start() else { return };
    let pool = pool(&postgres.url());
    for probe in [own(&postgres.url()), PostgresProbe::pool(pool.clone())] {
        let probe = probe.with_query("SELECT pg_sleep(600)");
        assert!(tokio::time::timeout(SHORT, probe.check(PLENTY)).await.is_err());
    }
    assert_eq!(pool.size(), 0);
}

#[test]
fn what_is_no_address_of_postgres_is_refused_without_being_shown() {
    for url in ["redis://host", "postgres://user:s3cret@host:port/database", "s3cret"] {
        let refused = PostgresProbe::connect(url).expect_err("no URL").to_string();
        assert_eq!(refused, r#"the address is not one such as "postgres://user:password@host/database""#);
    }
}

#[tokio::test]
async fn it_prints_neither_address_nor_secrets() {
    let probes = both("postgres://user:s3cret@secret.host/database").map(|probe| format!("{probe:?}"));
    insta::assert_snapshot!(probes.join("\n"), @r#"
    PostgresProbe { source: "a connection of its own", writable: false, .. }
    PostgresProbe { source: "the application's pool", writable: false, .. }
    "#);
}

#[tokio::test]
async fn a_name_that_nobody_has_does_not_resolve() {
    assert_eq!(class_of(&own("postgres://user@nobody.invalid/"), LONG).await, ProbeClass::Dns);
}

#[tokio::test]
async fn a_server_of_something_else_is_a_protocol_error() {
    let web = says(b"HTTP/1.1 400 Bad Request\r\n\r\n").await;
    assert_eq!(class_of(&own(&format!("postgres://user@{web}/")), LONG).await, ProbeClass::Protocol);
}

#[tokio::test]
async fn one_that_hangs_up_at_the_first_word_is_a_reset() {
    let mute = says(b"").await;
    assert_eq!(class_of(&own(&format!("postgres://user@{mute}/")), LONG).await, ProbeClass::Reset);
}

#[tokio::test]
async fn no_tls_session_comes_about_with_a_server_that_speaks_none() {
    let Some(postgres) = Postgres::start() else { return };
    let probe = own(&format!("{}?sslmode=require", postgres.url()));
    assert_eq!(class_of(&probe, LONG).await, ProbeClass::Tls);
}
