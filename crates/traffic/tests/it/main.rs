//! What the crate promises, through its public face.
#![expect(clippy::unwrap_used, reason = "helpers of tests may panic as the tests themselves do")]

mod conformance;
mod fault;
mod late_effect;
mod laws;
mod messages;
mod mutants;
#[cfg(all(feature = "vercel", feature = "standins"))]
mod vercel;
mod wire;
