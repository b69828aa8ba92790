//! What the crate promises, through its public face.
#![expect(clippy::expect_used, reason = "helpers of tests may panic as the tests themselves do")]

mod allocation;
mod conservation;
mod fleet;
mod laws;
mod reasons;
mod sim;
mod threshold;
#[cfg(feature = "tower")]
mod tower;
mod watch;
