//! Probes against real sockets, and the schedule on a clock that is held still.

#![cfg(feature = "http")]
#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "helpers of tests may panic as the tests themselves do"
)]

mod http_probe;
mod schedule;
mod server;
mod smoke;
