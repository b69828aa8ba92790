//! The agent as a process of its own, killed for real.

#![expect(clippy::unwrap_used, reason = "helpers of tests")]

pub(crate) mod bench;
mod driver;
mod launch;
mod refuse;
mod restart;
mod shim;
mod traffic;
