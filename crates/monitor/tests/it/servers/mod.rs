//! Servers of other people's: each started for one test, in a folder and on ports of its own, and stopped with it.

mod http;
mod prometheus;
mod started;

pub(crate) use http::{Exporter, get};
pub(crate) use prometheus::Prometheus;
pub(crate) use started::{Started, found, free_port, skip, until};
