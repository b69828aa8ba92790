use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::routing::{any, get, post};
use handover_flags::Flags;
use handover_flags::tower::require_flag;
use tokio::time::sleep;

use crate::flags::SCAN_CREATION;
use crate::scans::Scans;

type Answer = Result<String, StatusCode>;

pub(crate) fn of(release: &str, scans: &Scans, flags: &Flags) -> Router {
    let switch = require_flag(flags, SCAN_CREATION.name());
    let release: Arc<str> = release.into();
    Router::new()
        .route("/", get(move || async move { release.to_string() }))
        .route("/report", any(report))
        .route("/scans", post(create).layer(switch))
        .route("/scans/{id}", get(status))
        .with_state(scans.clone())
}

/// Takes a moment, so that a drain always meets some under way.
async fn report() -> &'static str {
    sleep(Duration::from_millis(50)).await;
    "report"
}

async fn create(State(scans): State<Scans>, url: String) -> Answer {
    scans.create(&url, None).await.map(|id| id.to_string()).map_err(unavailable)
}

async fn status(State(scans): State<Scans>, Path(id): Path<i64>) -> Answer {
    scans.status(id).await.map_err(unavailable)?.ok_or(StatusCode::NOT_FOUND)
}

/// What the database said is not for users.
fn unavailable(_: sqlx::Error) -> StatusCode {
    StatusCode::SERVICE_UNAVAILABLE
}
