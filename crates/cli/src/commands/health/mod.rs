//! `handover health`: whether a service is well, and how a platform is told to ask.

mod check;
mod config;

use crate::args::Health;
use crate::context::Context;
use crate::exit::Exit;
use crate::report::Failure;

/// Carries out what was typed.
pub(super) async fn run(verb: &Health, context: &Context) -> Result<Exit, Failure> {
    match verb {
        Health::Check(args) => check::run(args, context).await,
        Health::Config(args) => config::run(args, context),
    }
}
