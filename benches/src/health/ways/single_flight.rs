use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::extract::State;
use axum::http::StatusCode;
use axum::routing::get;
use tokio::sync::Mutex;
use tokio::time::Instant;

use super::Dependencies;
use super::per_request::Clients;
use crate::Failed;

const KEPT: Duration = Duration::from_secs(1);

type Answer = (StatusCode, String);

/// The last answer, and the one place where the next is got.
struct Cached {
    clients: Clients,
    last: Mutex<Option<(Instant, Answer)>>,
}

impl Cached {
    async fn answer(&self) -> Answer {
        let mut last = self.last.lock().await;
        if let Some((at, answer)) = last.as_ref().filter(|(at, _)| at.elapsed() < KEPT) {
            let _ = at;
            return answer.clone();
        }
        let answer = self.clients.check().await;
        *last = Some((Instant::now(), answer.clone()));
        answer
    }
}

pub(super) fn router(dependencies: &Dependencies) -> Result<Router, Failed> {
    let cached = Arc::new(Cached { clients: Clients::new(dependencies)?, last: Mutex::default() });
    let ready = |State(cached): State<Arc<Cached>>| async move { cached.answer().await };
    Ok(Router::new().route("/health/ready", get(ready)).with_state(cached))
}
