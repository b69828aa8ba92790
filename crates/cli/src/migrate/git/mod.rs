//! What git says of files: what a commit had.

mod command;
mod error;
mod former;
mod repository;
#[cfg(test)]
mod tests;

pub(crate) use error::GitError;
pub(crate) use repository::{Commit, Repository};
