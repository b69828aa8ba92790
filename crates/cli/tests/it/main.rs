//! The built binary, driven as a person or a script drives it.
#![expect(clippy::unwrap_used, reason = "a test may panic; clippy sees only functions marked as tests")]
#![expect(clippy::disallowed_methods, reason = "other processes do not share a paused clock")]

mod dashboard;
mod e2e;
mod edge;
mod flags;
mod handover;
mod health;
mod init;
mod look;
mod migrate;
mod sample;
// One way to start servers of other people's, for every crate that needs one.
#[path = "../../../monitor/tests/it/servers/mod.rs"]
#[expect(dead_code, unused_imports, reason = "not every server is needed here")]
mod servers;
mod usage;
