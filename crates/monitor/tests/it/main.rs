//! What the crate promises, through its public face.
#![expect(clippy::expect_used, reason = "helpers of tests may panic as the tests themselves do")]

mod accuracy;
mod allocation;
mod conservation;
mod data;
mod export;
mod fleet;
#[cfg(feature = "haproxy-source")]
mod haproxy_source;
mod laws;
mod memory;
mod oracle;
#[cfg(feature = "prometheus-source")]
mod prometheus_source;
mod reasons;
#[cfg(feature = "redis")]
mod redis;
mod sequential;
mod server;
#[cfg(any(feature = "haproxy-source", feature = "prometheus-source"))]
#[cfg_attr(
    not(all(feature = "haproxy-source", feature = "prometheus-source")),
    expect(dead_code, unused_imports, reason = "the other source's server is not started")
)]
mod servers;
mod sim;
mod threshold;
#[cfg(feature = "tower")]
mod tower;
mod watch;
