//! HAProxy itself, with two releases behind it and a user before it.

mod mistakes;
mod reload;
mod rig;
mod runtime_path;
mod scales;
pub(crate) mod subject;
mod users;
