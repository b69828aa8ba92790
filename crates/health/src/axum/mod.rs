//! The endpoints in an axum application, and serving it from start-up to drain.
//!
//! Beside `use handover_health::*` the crate axum is to be called `::axum`.
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

mod connection;
mod serve;
mod socket;

use ::axum::Router;
use ::axum::routing::any_service;

use crate::HealthService;

pub use self::serve::serve;

/// The routes of [`HealthService`]; every other path stays the application's.
pub fn router<S: Clone + Send + Sync + 'static>(service: &HealthService) -> Router<S> {
    let paths = ["/health", "/health/ready", "/health/live", "/health/startup", "/smoke-test"];
    paths.into_iter().fold(Router::new(), |router, path| router.route(path, any_service(service.clone())))
}
