//! A PostgreSQL that is asked and never changed.

mod address;
mod at;
mod history;
mod server;
mod session;
#[cfg(test)]
mod tests;

pub(crate) use at::DatabaseAt;
pub(crate) use history::{History, history};
pub(crate) use server::Server;
pub(crate) use session::Session;
