//! How readiness can be answered.

mod per_request;
mod single_flight;
mod snapshot;

use std::net::SocketAddr;

use axum::Router;
use axum::routing::get;
use tokio::net::TcpListener;
use tokio::task::JoinHandle;

use crate::Failed;

/// A way to answer `/health/ready`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Way {
    /// A route that says "ok": what any endpoint costs.
    Plain,
    /// `handover-health`: asked in the background, answered from what is known.
    Snapshot,
    /// One check at a time, kept for a second, for which everybody waits.
    SingleFlight,
    /// The dependencies are asked for every request, one after another, Redis on a connection of its own.
    PerRequest,
}

/// Where the servers are.
#[derive(Debug)]
pub(crate) struct Dependencies {
    pub(crate) postgres: String,
    pub(crate) redis: String,
}

/// Serves until it is dropped.
pub(crate) struct Served {
    pub(crate) addr: SocketAddr,
    task: JoinHandle<std::io::Result<()>>,
}

impl Drop for Served {
    fn drop(&mut self) {
        self.task.abort();
    }
}

impl Way {
    pub(crate) const ALL: [Self; 4] = [Self::Plain, Self::Snapshot, Self::SingleFlight, Self::PerRequest];

    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Plain => "a plain route",
            Self::Snapshot => "handover-health",
            Self::SingleFlight => "single flight, kept for 1 s",
            Self::PerRequest => "a check per request",
        }
    }

    pub(crate) async fn router(self, dependencies: &Dependencies) -> Result<Router, Failed> {
        match self {
            Self::Plain => Ok(Router::new().route("/health/ready", get(|| async { "ok" }))),
            Self::Snapshot => snapshot::router(dependencies).await,
            Self::SingleFlight => single_flight::router(dependencies),
            Self::PerRequest => per_request::router(dependencies),
        }
    }

    pub(crate) async fn serve(self, dependencies: &Dependencies) -> Result<Served, Failed> {
        let router = self.router(dependencies).await?;
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let addr = listener.local_addr()?;
        Ok(Served { addr, task: tokio::spawn(axum::serve(listener, router).into_future()) })
    }
}
