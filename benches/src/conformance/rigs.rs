//! The rigs of traffic's own tests: real servers and programs, seen from all sides. They are shared as files, because a
//! crate for a handful of them would be one more to keep.

#![expect(
    dead_code,
    unused_imports,
    unexpected_cfgs,
    clippy::unwrap_used,
    reason = "what belongs to the tests in these files is left out here"
)]

#[path = "../../../crates/traffic/tests/it/composite.rs"]
pub(crate) mod composite;
#[path = "../../../crates/traffic/tests/it/exec.rs"]
pub(crate) mod exec;
#[path = "rigs_haproxy.rs"]
pub(crate) mod haproxy;
#[path = "rigs_railway.rs"]
pub(crate) mod railway;
#[path = "../../../crates/traffic/tests/it/unlike.rs"]
pub(crate) mod unlike;
#[path = "rigs_vercel.rs"]
pub(crate) mod vercel;
