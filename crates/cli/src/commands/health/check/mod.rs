//! `handover health check`: whether addresses are well.

mod address;
mod ask;
mod asked;
mod look;
mod targets;
mod told;
mod verdict;
mod watch;

use handover_core::Timestamp;

use self::look::Look;
use self::targets::Targets;
use crate::args::HealthCheck;
use crate::context::Context;
use crate::exit::Exit;
use crate::report::Failure;

/// Asks once, or until Ctrl-C.
pub(super) async fn run(args: &HealthCheck, context: &Context) -> Result<Exit, Failure> {
    let targets = Targets::new(args, context).await?;
    if args.watch {
        return Ok(watch::run(&targets, args, context.output).await);
    }
    let asked = ask::all(&targets, context.output).await;
    let look = Look::of(asked, targets.needed, Timestamp::now());
    context.output.result(&look, &look);
    Ok(look.verdict.exit())
}
