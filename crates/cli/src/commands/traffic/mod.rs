//! `handover traffic`: looks at the route, and changes it by hand.

mod change;
mod drain;
mod hold;
mod shift;
mod show;
mod watch;

use crate::args::Traffic;
use crate::context::Context;
use crate::exit::Exit;
use crate::report::Failure;

/// Carries out what was typed.
pub(super) async fn run(verb: &Traffic, context: &Context) -> Result<Exit, Failure> {
    match verb {
        Traffic::Show => show::run(context).await,
        Traffic::Shift(args) => shift::run(args, context).await,
        Traffic::Hold(args) => hold::hold(args, context).await,
        Traffic::Unhold(args) => hold::unhold(args, context).await,
        Traffic::Drain(args) => drain::run(args, context).await,
        Traffic::Watch(args) => watch::run(args, context).await,
    }
}
