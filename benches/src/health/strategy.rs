use std::time::Duration;

use axum::Router;
use axum::http::StatusCode;
use axum::routing::{any, get, post};
use sqlx::PgPool;
use tokio::net::TcpListener;
use tokio::time::sleep;

use crate::Failed;
use crate::ways::{Dependencies, Way};

/// A service as the strategy has it: it checks its dependencies for every probe, and SIGTERM ends it.
pub(crate) async fn serve() -> Result<(), Failed> {
    let dependencies =
        Dependencies { postgres: std::env::var("DATABASE_URL")?, redis: std::env::var("REDIS_URL")? };
    let port: u16 = std::env::var("PORT")?.parse()?;
    let app = routes(&dependencies)?.merge(Way::PerRequest.router(&dependencies).await?);
    Ok(axum::serve(TcpListener::bind(("127.0.0.1", port)).await?, app).await?)
}

/// What the example `axum_service` does.
fn routes(dependencies: &Dependencies) -> Result<Router, Failed> {
    let pool = PgPool::connect_lazy(&dependencies.postgres)?;
    let report = any(|| async {
        sleep(Duration::from_millis(50)).await;
        "report"
    });
    let create = post(move || {
        let pool = pool.clone();
        async move {
            let created = sqlx::query("INSERT INTO scans (url) VALUES ('')").execute(&pool).await;
            created.map(|_| "created").map_err(|_| StatusCode::SERVICE_UNAVAILABLE)
        }
    });
    Ok(Router::new().route("/", get(|| async { "v1" })).route("/report", report).route("/scans", create))
}
