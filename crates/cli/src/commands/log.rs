//! `handover log`: what happened in a run, line by line.

use super::past::Past;
use crate::args::Log;
use crate::context::Context;
use crate::exit::Exit;
use crate::follow::{Patience, follow, view};
use crate::report::Failure;

/// Tells the run; with `--follow` until it has ended.
pub(super) async fn run(args: &Log, context: &Context) -> Result<Exit, Failure> {
    let state_dir = context.existing_state_dir()?;
    let past = Past::open(&state_dir).await?;
    let (run, records) = past.pick(args.run.as_ref(), "could not tell of a run").await?;
    let mut view = view(context.output);
    match past.store() {
        Some(store) if args.follow => {
            let client = context.helm().await?;
            follow(store.as_ref(), &client, &run, Patience::UntilEnd, view.as_mut()).await?;
        }
        _ => {
            for record in &records {
                view.record(record);
            }
            view.close();
        }
    }
    Ok(Exit::Done)
}
