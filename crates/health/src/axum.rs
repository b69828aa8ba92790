//! The endpoints in an axum application, and serving it from start-up to drain.
//!
//! ```no_run
//! use std::time::Duration;
//!
//! use handover_health::{Check, DrainTimes, Health, HealthService, Lifecycle, axum::{router, serve}, probe_fn};
//!
//! # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let lifecycle = Lifecycle::new();
//! lifecycle.on_signals(DrainTimes::default())?; // before anything slow
//! let health = Health::builder("shop", env!("CARGO_PKG_VERSION"))
//!     .lifecycle(lifecycle.clone())
//!     .check(Check::new("api", probe_fn(|| async { Ok(()) })).every(Duration::from_secs(5)))
//!     .start()?;
//! let app = axum::Router::new().merge(router(&HealthService::new(&health)));
//! serve(tokio::net::TcpListener::bind("127.0.0.1:8080").await?, app, &lifecycle).await?;
//! # Ok(()) }
//! ```

use std::io;

use axum::Router;
use axum::extract::{Request, State};
use axum::http::HeaderValue;
use axum::http::header::CONNECTION;
use axum::middleware::{Next, from_fn_with_state};
use axum::response::Response;
use axum::routing::any_service;
use tokio::net::TcpListener;

use crate::race::{First, race};
use crate::{Drained, HealthService, Lifecycle, Stage};

/// The routes of [`HealthService`]; every other path stays the application's.
pub fn router<S: Clone + Send + Sync + 'static>(service: &HealthService) -> Router<S> {
    let paths = ["/health", "/health/ready", "/health/live", "/health/startup", "/smoke-test"];
    paths.into_iter().fold(Router::new(), |router, path| router.route(path, any_service(service.clone())))
}

/// Serves until a drain has ended: connections are taken during its delay, then ended gracefully, and cut at its deadline.
///
/// From the beginning of the drain every answer says `Connection: close`, so that clients that keep connections have
/// moved on before theirs would be closed in their face.
///
/// # Errors
///
/// The listener failed.
pub async fn serve(listener: TcpListener, app: Router, lifecycle: &Lifecycle) -> io::Result<Drained> {
    let app = app.layer(from_fn_with_state(lifecycle.clone(), closing));
    let serving = axum::serve(listener, app).with_graceful_shutdown(lifecycle.closing());
    let ended = race(serving.into_future(), lifecycle.reached(Stage::Cutting)).await;
    lifecycle.stopped();
    match ended {
        First::Left(served) => served.map(|()| Drained::Clean),
        First::Right(()) => Ok(Drained::Cut),
    }
}

async fn closing(State(lifecycle): State<Lifecycle>, request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    if lifecycle.stage() >= Stage::Draining {
        response.headers_mut().insert(CONNECTION, HeaderValue::from_static("close"));
    }
    response
}
