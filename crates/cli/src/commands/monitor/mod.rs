//! `handover monitor`: what is measured, for people and for the systems they look at it with.

mod dashboard;
mod judge;
mod matrix;
mod watch;

use crate::args::Monitor;
use crate::context::Context;
use crate::exit::Exit;
use crate::report::Failure;

/// Carries out what was typed.
pub(super) async fn run(verb: &Monitor, context: &Context) -> Result<Exit, Failure> {
    match verb {
        Monitor::Dashboard(args) => dashboard::run(args, context),
        Monitor::Judge(args) => judge::run(args, context),
        Monitor::Matrix => Ok(matrix::run(context)),
        Monitor::Watch(args) => watch::run(args, context).await,
    }
}
