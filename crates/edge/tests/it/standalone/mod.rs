//! An edge of its own, with real releases behind it and its admin side on a real port.

#![expect(clippy::unwrap_used, reason = "helpers of tests")]

mod admin;
mod bench;
#[cfg(feature = "remote")]
mod client;
mod restart;
mod traffic;
