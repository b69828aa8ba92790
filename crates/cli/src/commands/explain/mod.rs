//! `handover explain`: what became of a run, why, and what that rests on.

mod evidence;
mod tale;
#[cfg(test)]
mod tests;

use super::past::Past;
use crate::args::Explain;
use crate::context::Context;
use crate::exit::Exit;
use crate::report::Failure;
use tale::Tale;

const ATTEMPTED: &str = "could not explain a run";

/// Explains the named run, else the latest one.
pub(super) async fn run(args: &Explain, context: &Context) -> Result<Exit, Failure> {
    let past = Past::open(&context.existing_state_dir()?).await?;
    let (run, records) = past.pick(args.run.as_ref(), ATTEMPTED).await?;
    let Some(tale) = Tale::of(&records) else {
        return Err(Failure::new(ATTEMPTED, Exit::Refused).because(format!("run {run} has no record")));
    };
    context.output.result(&tale, &tale);
    Ok(Exit::Done)
}
