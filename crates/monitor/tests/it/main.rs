//! What the crate promises, through its public face.
#![expect(clippy::expect_used, reason = "helpers of tests may panic as the tests themselves do")]

mod accuracy;
mod allocation;
mod conservation;
mod data;
mod laws;
mod memory;
mod oracle;
mod reasons;
mod sim;
mod threshold;
mod watch;
