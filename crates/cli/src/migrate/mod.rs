//! Migrations: where they are, what is applied of them, and what a linter says of the rest.

mod archive;
mod base;
pub(crate) mod catalog_file;
mod database;
mod fingerprint;
mod git;
pub(crate) mod linter;
mod preflight;
pub(crate) mod rule;
mod sources;
mod wishes;

use std::sync::Arc;

use handover_rollout::{MigrationFiles, Plan};

pub(crate) use base::{Based, apply};
pub(crate) use database::{DatabaseAt, Session};
use fingerprint::Folders;
pub(crate) use git::Repository;
pub(crate) use preflight::{goes_by_stable, look_ahead, preflight};
pub(crate) use sources::{find, folders};
pub(crate) use wishes::{BaseWish, Wishes};

/// The files that a plan's migrations are kept in; `None` where it has judged none.
pub(crate) fn files_of(plan: &Plan) -> Option<Arc<dyn MigrationFiles>> {
    let check = plan.migrations.as_ref()?;
    Some(Arc::new(Folders(check.folders.clone())))
}

/// Whether a runner's template can name a value so.
pub(crate) fn is_var_name(name: &str) -> bool {
    name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
        && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"_.".contains(&byte))
}
