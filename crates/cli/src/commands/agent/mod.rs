//! `handover agent`: the long-lived process of a service.

mod install;
mod run;
mod status;
mod stop;
mod unit;

use crate::args::Agent;
use crate::context::Context;
use crate::exit::Exit;
use crate::report::Failure;

pub(super) use install::installed;

/// The version of the JSON forms.
const VERSION: u32 = 1;

/// Carries out what was typed.
pub(super) async fn run(verb: &Agent, context: &Context) -> Result<Exit, Failure> {
    match verb {
        Agent::Run(args) => run::run(args, context).await,
        Agent::Status => status::run(context).await,
        Agent::Stop(args) => stop::run(args, context).await,
        Agent::Install(args) => install::run(args, context),
    }
}
