//! What the crate promises, through its public face.
#![expect(clippy::expect_used, reason = "helpers of tests may panic as the tests themselves do")]

mod accuracy;
mod allocation;
mod conservation;
mod data;
mod export;
mod fleet;
mod laws;
mod memory;
mod oracle;
mod reasons;
#[cfg(feature = "redis")]
mod redis;
mod sequential;
mod server;
mod sim;
mod threshold;
#[cfg(feature = "tower")]
mod tower;
mod watch;
