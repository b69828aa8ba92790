//! `handover driver` and `handover shim`: processes that the agent starts.

use crate::args::{Driver, Shim};
use crate::context::Context;
use crate::exit::Exit;
use crate::report::Failure;
use crate::run;

/// Carries out a run.
pub(super) async fn drive(args: &Driver, context: &Context) -> Result<Exit, Failure> {
    let state_dir = context.given_state_dir()?;
    run::drive(&state_dir, &args.run).await
}

/// Stands above one process of a release until it ends.
pub(crate) fn shim(args: &Shim) -> Exit {
    // The shim's own code says nothing to anybody: the agent reads the instance's status file.
    if handover_edge::shim_main(&args.folder) == 0 { Exit::Done } else { Exit::Refused }
}
