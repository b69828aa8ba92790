//! The stores against what they stand for.

#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a test may panic; clippy sees only functions marked as tests"
)]
#![expect(clippy::print_stdout, reason = "figures are shown with --nocapture")]

#[cfg(feature = "redis")]
mod redis;
