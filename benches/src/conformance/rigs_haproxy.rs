//! HAProxy itself, with two releases behind it and a user before it.

#[path = "../../../crates/traffic/tests/it/haproxy/rig.rs"]
mod rig;
#[path = "../../../crates/traffic/tests/it/haproxy/runtime_path.rs"]
mod runtime_path;
#[path = "../../../crates/traffic/tests/it/haproxy/scales.rs"]
mod scales;
#[path = "../../../crates/traffic/tests/it/haproxy/subject.rs"]
pub(crate) mod subject;
#[path = "../../../crates/traffic/tests/it/haproxy/users.rs"]
mod users;
