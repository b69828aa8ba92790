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
use crate::settings::Backend;

pub(super) use install::installed;

/// The version of the JSON forms.
const VERSION: u32 = 1;

/// Carries out what was typed.
pub(super) async fn run(verb: &Agent, context: &Context) -> Result<Exit, Failure> {
    refuse_elsewhere(context)?;
    match verb {
        Agent::Run(args) => run::run(args, context).await,
        Agent::Status => status::run(context).await,
        Agent::Stop(args) => stop::run(args, context).await,
        Agent::Install(args) => install::run(args, context),
    }
}

/// An agent of a service whose traffic is moved elsewhere would serve nobody.
fn refuse_elsewhere(context: &Context) -> Result<(), Failure> {
    let backend = context.settings_if_any()?.map_or(Backend::Edge, |settings| settings.traffic.backend);
    if backend == Backend::Edge {
        return Ok(());
    }
    Err(Failure::new("could not do anything with an agent", Exit::Refused)
        .because(format!("the backend \"{}\" has none: the command that deploys drives", backend.name()))
        .hint("`handover status` shows how things stand"))
}
