//! Programs that cargo does not bring: found where present, else installed, never silently.

mod deny;
mod system;

pub(crate) use deny::cargo_deny;
pub(crate) use system::{CURL, GIT, PYTHON, REDIS, Tool, VALGRIND};
