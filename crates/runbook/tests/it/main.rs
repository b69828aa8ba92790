//! The engine against a simulated outside, and the journals against their contract.

#![expect(clippy::unwrap_used, reason = "helpers of tests may fail the test")]

mod contract;
mod crash;
mod failures;
mod messages;
mod orders;
mod sqlite;
mod support;
