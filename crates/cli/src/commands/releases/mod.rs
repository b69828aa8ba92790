//! `handover releases`: what is kept on this machine.

mod list;
mod prune;
mod restart;

use crate::args::Releases;
use crate::context::Context;
use crate::exit::Exit;
use crate::report::Failure;

/// The version of the JSON forms.
const VERSION: u32 = 1;

/// Carries out what was typed.
pub(super) async fn run(verb: &Releases, context: &Context) -> Result<Exit, Failure> {
    match verb {
        Releases::List => list::run(context).await,
        Releases::Prune(args) => prune::run(args, context).await,
        Releases::Restart(args) => restart::run(args, context).await,
    }
}
