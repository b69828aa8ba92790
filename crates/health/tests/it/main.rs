//! Probes against real sockets, and the schedule on a clock that is held still.

#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "helpers of tests may panic as the tests themselves do"
)]

#[cfg(feature = "instance")]
mod instance_probe;
mod quorum;
mod schedule;
#[cfg(feature = "instance")]
mod server;
#[cfg(feature = "instance")]
mod smoke;
mod views;
