//! What the crate promises, through its public face.
#![expect(clippy::unwrap_used, reason = "helpers of tests may panic as the tests themselves do")]

mod conformance;
mod fault;
#[cfg(feature = "haproxy")]
mod haproxy;
mod late_effect;
mod laws;
mod messages;
mod mutants;
#[cfg(feature = "probe")]
mod prober;
#[cfg(feature = "haproxy")]
mod programs;
mod wire;
