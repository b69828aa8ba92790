use axum::Router;
use axum::extract::State;
use axum::http::StatusCode;
use axum::routing::get;
use serde_json::json;
use sqlx::PgPool;

use super::Dependencies;
use crate::Failed;

/// What each request needs.
#[derive(Clone)]
pub(super) struct Clients {
    postgres: PgPool,
    redis: redis::Client,
}

impl Clients {
    /// As the strategy has it: a pool for the database, and Redis only by address.
    pub(super) fn new(dependencies: &Dependencies) -> Result<Self, Failed> {
        let postgres = PgPool::connect_lazy(&dependencies.postgres)?;
        Ok(Self { postgres, redis: redis::Client::open(dependencies.redis.as_str())? })
    }

    /// One after the other, without a limit of time.
    pub(super) async fn check(&self) -> (StatusCode, String) {
        let database = sqlx::query("SELECT 1").execute(&self.postgres).await.is_ok();
        let redis = self.ping().await.is_ok();
        let word = |well| if well { "ok" } else { "error" };
        let (status, ready) = if database && redis {
            (StatusCode::OK, "ready")
        } else {
            (StatusCode::SERVICE_UNAVAILABLE, "not_ready")
        };
        let body = json!({ "status": ready, "checks": { "database": word(database), "redis": word(redis) } });
        (status, body.to_string())
    }

    async fn ping(&self) -> redis::RedisResult<()> {
        let mut connection = self.redis.get_multiplexed_async_connection().await?;
        redis::cmd("PING").query_async(&mut connection).await
    }
}

pub(super) fn router(dependencies: &Dependencies) -> Result<Router, Failed> {
    let clients = Clients::new(dependencies)?;
    let ready = |State(clients): State<Clients>| async move { clients.check().await };
    Ok(Router::new().route("/health/ready", get(ready)).with_state(clients))
}
