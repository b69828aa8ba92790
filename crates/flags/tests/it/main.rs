//! Flags over stores that are real, and over one that says what the test tells it to.
#![expect(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "tests")]

mod allocations;
mod flags;
