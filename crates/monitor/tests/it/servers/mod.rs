//! Servers of other people's: each started for one test, in a folder and on ports of its own, and stopped with it.
#![expect(clippy::unwrap_used, reason = "a test may panic; clippy sees only functions marked as tests")]

mod haproxy;
mod http;
mod prometheus;
pub(crate) mod started;

pub(crate) use handover_testing::{found, free_port, until};
pub(crate) use haproxy::{Haproxy, free_udp_port};
pub(crate) use http::{Exporter, get};
pub(crate) use prometheus::Prometheus;
pub(crate) use started::Started;
