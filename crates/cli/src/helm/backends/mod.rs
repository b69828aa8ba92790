//! From settings to a backend that is reached from here: one file each.

mod front;
mod haproxy;
mod launcher;

use std::path::Path;

use super::hosted::Hosted;
use crate::report::Failure;
use crate::settings::{Backend, Settings};

/// What the settings describe.
///
/// # Errors
///
/// It cannot be reached, or cannot be used so.
pub(super) async fn hosted(
    backend: Backend,
    settings: &Settings,
    state_dir: &Path,
) -> Result<Hosted, Failure> {
    match backend {
        Backend::Edge => unreachable!("the edge has an agent"),
        Backend::Haproxy => haproxy::hosted(settings, state_dir).await,
    }
}
