//! Probes against real sockets and servers, and everything that takes time on a clock that is held still.

#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "helpers of tests may panic as the tests themselves do"
)]

#[cfg(feature = "axum")]
mod axum;
mod describe;
mod drain;
mod fail_open;
mod flow;
#[cfg(feature = "grpc")]
mod grpc;
#[cfg(feature = "instance")]
mod instance_probe;
mod life;
mod probes;
mod quorum;
mod schedule;
mod scripted;
#[cfg(any(feature = "axum", feature = "grpc", feature = "http", feature = "instance"))]
mod server;
#[cfg(feature = "tower")]
mod service;
#[cfg(feature = "instance")]
mod smoke;
mod views;
