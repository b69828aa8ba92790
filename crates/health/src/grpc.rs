//! gRPC's health protocol, `grpc.health.v1.Health`, answered from the snapshot.
//!
//! | service asked for | says |
//! |---|---|
//! | none, `readiness`, or the service's own name | whether the process wants traffic |
//! | `liveness` | whether it is worth keeping |
//! | `startup` | whether start-up is over |
//! | the name of a check | whether that check is well |
//!
//! `SERVING` or `NOT_SERVING`; the protocol knows nothing between them, so a degraded process serves. `Check` answers
//! `NOT_FOUND` for another name; `Watch` says `SERVICE_UNKNOWN` and stays. From the beginning of a drain readiness is
//! `NOT_SERVING` for good, and a `Watch` ends when connections are to be closed: it would hold up a graceful end.

use std::pin::Pin;

use futures_util::{Stream, stream};
use tokio::sync::watch;
use tonic::{Request, Response, Status};
use tonic_health::pb::health_check_response::ServingStatus;
use tonic_health::pb::health_server::{Health as Protocol, HealthServer};
use tonic_health::pb::{HealthCheckRequest, HealthCheckResponse};

use crate::race::{First, race};
use crate::{CheckReport, CheckStatus, Health, Report, Stage};

/// Answers the protocol; see the [module](self).
#[derive(Debug, Clone)]
pub struct GrpcHealth(Health);

/// The service, to be added to a tonic server.
///
/// ```no_run
/// # async fn serve(health: handover_health::Health) -> Result<(), Box<dyn std::error::Error>> {
/// tonic::transport::Server::builder()
///     .add_service(handover_health::grpc::service(&health))
///     .serve_with_shutdown("127.0.0.1:50051".parse()?, health.lifecycle().closing())
///     .await?;
/// # Ok(()) }
/// ```
pub fn service(health: &Health) -> HealthServer<GrpcHealth> {
    HealthServer::new(GrpcHealth(health.clone()))
}

impl GrpcHealth {
    fn status(&self, service: &str) -> Option<ServingStatus> {
        let snapshot = self.0.snapshot();
        let serving = serves(snapshot.report(), service)?;
        Some(if serving { ServingStatus::Serving } else { ServingStatus::NotServing })
    }
}

/// `None` where there is no such service.
fn serves(report: &Report, service: &str) -> Option<bool> {
    match service {
        "" | "readiness" => Some(report.state.is_ready()),
        own if own == &*report.identity.service => Some(report.state.is_ready()),
        "liveness" => Some(report.is_alive()),
        "startup" => Some(report.has_started()),
        name => {
            let mut checks = report.checks.iter().chain(&report.startup);
            checks.find(|check| &*check.name == name).map(is_well)
        }
    }
}

fn is_well(check: &CheckReport) -> bool {
    check.status == CheckStatus::Ok
}

#[tonic::async_trait]
impl Protocol for GrpcHealth {
    type WatchStream = Pin<Box<dyn Stream<Item = Result<HealthCheckResponse, Status>> + Send>>;

    async fn check(
        &self,
        request: Request<HealthCheckRequest>,
    ) -> Result<Response<HealthCheckResponse>, Status> {
        let status = self.status(&request.get_ref().service);
        status
            .map(|status| Response::new(response(status)))
            .ok_or_else(|| Status::not_found("unknown service"))
    }

    async fn watch(
        &self,
        request: Request<HealthCheckRequest>,
    ) -> Result<Response<Self::WatchStream>, Status> {
        let published = self.0.published();
        let watching =
            Watching { health: self.clone(), service: request.into_inner().service, published, last: None };
        Ok(Response::new(Box::pin(stream::unfold(watching, Watching::next))))
    }
}

/// One `Watch` under way.
struct Watching {
    health: GrpcHealth,
    service: String,
    published: watch::Receiver<()>,
    last: Option<ServingStatus>,
}

impl Watching {
    /// The present status at first, and then each other one.
    async fn next(mut self) -> Option<(Result<HealthCheckResponse, Status>, Self)> {
        loop {
            let status = self.health.status(&self.service).unwrap_or(ServingStatus::ServiceUnknown);
            if self.last.replace(status) != Some(status) {
                return Some((Ok(response(status)), self));
            }
            let closing = self.health.0.lifecycle().reached(Stage::Closing);
            match race(self.published.changed(), closing).await {
                First::Left(Ok(())) => (),
                First::Left(Err(_)) | First::Right(()) => return None,
            }
        }
    }
}

fn response(status: ServingStatus) -> HealthCheckResponse {
    HealthCheckResponse { status: status.into() }
}
