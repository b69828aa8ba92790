//! Asking a platform's control plane over HTTPS: one place that decides what an answer, or none, means.
//!
//! The question that matters after a failure is whether anything changed. A read never changes anything. A write whose
//! connection was never made was not sent; any other write without a readable answer may have happened.

#![cfg_attr(
    not(any(test, feature = "railway", feature = "vercel")),
    expect(dead_code, unused_imports, reason = "without a platform nobody asks")
)]

mod client;
#[cfg(test)]
mod tests;
mod token;

pub(crate) use client::{Answer, Control, Kind};
pub use token::{Token, TokenError};
