//! A service with a database, a cache and somebody else's API, which says honestly how it is, and leaves without losing a
//! request.
//!
//! ```text
//! DATABASE_URL=postgres://… REDIS_URL=redis://… API_URL=https://api.example.com/v1/models \
//!     cargo run -p handover-examples --bin axum_service
//! ```
//!
//! It answers `GET /` with its release, `POST /scans` with the number of a scan that it has put into the database, and
//! `GET /scans/{id}`; while the flag `scan_creation` is off (`redis-cli SET
//! feature:scan_creation false`), `POST /scans` is 503. Beside them are `/health`, `/health/ready`, `/health/live`, `/health/startup` and `/smoke-test`. SIGTERM
//! begins a drain.

mod checks;
mod flags;
mod routes;
mod scans;
mod settings;
mod smoke;

use std::error::Error;
use std::time::Duration;

use handover_health::axum::{router, serve};
use handover_health::{HealthService, Lifecycle, SmokeAccess, Stage};
use tokio::net::TcpListener;
use tokio::time::sleep;

use crate::scans::Scans;
use crate::settings::Settings;

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    tracing_subscriber::fmt().with_writer(std::io::stderr).init();
    let settings = Settings::from_environment()?;

    // Before anything slow: a signal during start-up is heard.
    let lifecycle = Lifecycle::held();
    lifecycle.on_signals(settings.drain)?;

    let scans = Scans::at(&settings.database)?;
    let flags = flags::started(&settings).await?;
    let health = checks::watched(&settings, &lifecycle, &flags)?;
    let mut endpoints = HealthService::new(&health).with_smoke(smoke::flow(&scans), SmokeAccess::Post);
    if let Some(token) = &settings.token {
        endpoints = endpoints.with_token(token)?;
    }
    let app = routes::of(&settings.release, &scans, &flags).merge(router(&endpoints));

    let listener = TcpListener::bind(settings.listen).await?;
    tokio::spawn(prepare(scans, lifecycle.clone()));
    let drained = serve(listener, app, &lifecycle).await?;
    tracing::info!(?drained, "stopped");
    Ok(())
}

/// What must be done before the first user: the table has to be there. The endpoints answer meanwhile.
async fn prepare(scans: Scans, lifecycle: Lifecycle) {
    while lifecycle.stage() == Stage::Starting {
        if scans.prepare().await.is_ok() {
            return lifecycle.ready();
        }
        // What the database says may name its host; that is not for everybody who reads logs.
        tracing::warn!("the table is not there yet");
        sleep(Duration::from_millis(200)).await;
    }
}
