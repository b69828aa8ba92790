use std::time::Duration;

use axum::Router;
use handover_health::axum::router as endpoints;
use handover_health::{Check, Health, HealthService, PostgresProbe, RedisProbe};

use super::Dependencies;
use crate::Failed;

const SECOND: Duration = Duration::from_secs(1);

/// Once both have answered.
pub(super) async fn router(dependencies: &Dependencies) -> Result<Router, Failed> {
    let postgres = PostgresProbe::connect(&dependencies.postgres)?;
    let redis = RedisProbe::connect(&dependencies.redis)?;
    let health = Health::builder("bench", "1")
        .check(Check::new("database", postgres).every(SECOND).fall(2))
        .check(Check::new("redis", redis).every(SECOND).fall(2))
        .start()?;
    health.settled(10 * SECOND).await;
    Ok(endpoints(&HealthService::new(&health)))
}
