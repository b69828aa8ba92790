use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use handover_health::{Check, Health, HealthService, PostgresProbe, RedisProbe};
use handover_testing::{Postgres, PostgresSettings, Redis};
use http::Request;
use tokio::task::JoinSet;
use tokio::time::Instant;
use tower_service::Service as _;

use crate::server::PLENTY;

const SECOND: Duration = Duration::from_secs(1);

/// As many as there are seconds, begun ones counted, since the first: one call an interval.
fn intervals(began: Instant) -> u64 {
    began.elapsed().as_secs() + 1
}

/// Asks for readiness again and again, until all have asked `left` times.
async fn ask(mut service: HealthService, left: Arc<AtomicU32>) -> u32 {
    let mut well = 0;
    while left.fetch_update(Ordering::Relaxed, Ordering::Relaxed, |left| left.checked_sub(1)).is_ok() {
        let answer = service.call(Request::get("/health/ready").body(()).unwrap()).await.unwrap();
        well += u32::from(answer.status() == 200);
        tokio::task::yield_now().await;
    }
    well
}

#[tokio::test(flavor = "multi_thread")]
async fn ten_thousand_requests_by_a_thousand_at_a_time_ask_a_dependency_once_an_interval() {
    let settings = PostgresSettings { log_statements: true, ..PostgresSettings::default() };
    let (Some(postgres), Some(redis)) = (Postgres::start_with(settings), Redis::start()) else { return };
    // Its own test of whether it answers is counted, too.
    let before = redis.calls("ping");
    let began = Instant::now();
    let health = Health::builder("shop", "2.0.0")
        .check(Check::new("database", PostgresProbe::connect(&postgres.url()).unwrap()).every(SECOND))
        .check(Check::new("redis", RedisProbe::connect(&redis.url()).unwrap()).every(SECOND))
        .start()
        .unwrap();
    health.settled(PLENTY).await;
    let left = Arc::new(AtomicU32::new(10_000));
    let service = HealthService::new(&health);
    let asking: JoinSet<u32> = (0..1_000).map(|_| ask(service.clone(), left.clone())).collect();
    assert_eq!(asking.join_all().await.into_iter().sum::<u32>(), 10_000);
    let calls = [u64::try_from(postgres.statements("SELECT 1")).unwrap(), redis.calls("ping") - before];
    let most = intervals(began);
    assert!(calls.iter().all(|calls| (1..=most).contains(calls)), "{calls:?} in {most} intervals");
}
