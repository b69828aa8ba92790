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
mod laws;
mod life;
#[cfg(all(feature = "http", feature = "postgres", feature = "redis"))]
mod log;
mod probes;
mod quorum;
#[cfg(all(feature = "http", feature = "postgres", feature = "redis", feature = "tower"))]
mod real;
mod schedule;
mod scripted;
mod server;
#[cfg(feature = "tower")]
mod service;
#[cfg(feature = "instance")]
mod smoke;
mod views;
