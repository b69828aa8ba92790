//! The data plane, over real sockets on loopback.
#![expect(clippy::unwrap_used, clippy::expect_used, reason = "a helper that fails is a test that fails")]

mod admission;
mod bodies;
mod cutover;
mod drain;
mod failover;
mod headers;
mod limits;
mod measures;
pub(crate) mod rig;
mod stop;
mod switcher;
