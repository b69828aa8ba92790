//! Flags over stores that are real, and over one that says what the test tells it to.
#![expect(clippy::unwrap_used, reason = "helpers of tests may panic as the tests themselves do")]

mod allocations;
mod flags;
#[cfg(feature = "redis")]
mod redis;
