//! Servers of other people's: each started for one test, in a folder and on ports of its own, and stopped with it.
#![expect(clippy::unwrap_used, reason = "a test may panic; clippy sees only functions marked as tests")]
#![expect(clippy::disallowed_methods, reason = "other processes do not share a paused clock")]

mod haproxy;
mod http;
mod prometheus;
pub(crate) mod started;

pub(crate) use haproxy::{Haproxy, free_udp_port};
pub(crate) use http::{Exporter, get};
pub(crate) use prometheus::Prometheus;
pub(crate) use started::{Started, found, free_port, until};
