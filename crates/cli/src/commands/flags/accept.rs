//! `handover flags accept`: so few flags are meant.

use std::fmt;

use serde::Serialize;

use super::failed::failed;
use super::words::counted;
use super::{VERSION, change, known, opened};
use crate::args::AcceptFlags;
use crate::context::Context;
use crate::exit::Exit;
use crate::report::Failure;
use crate::text::one_line;

const ATTEMPTED: &str = "could not say that so few flags are meant";

/// The `--json` form.
#[derive(Serialize)]
struct Shown {
    version: u32,
    store: String,
    dry_run: bool,
    flags: usize,
}

/// Says so to every process.
pub(super) async fn run(args: &AcceptFlags, context: &Context) -> Result<Exit, Failure> {
    change::said(&args.reason, ATTEMPTED)?;
    let store = opened::open(args.by.store.at.as_deref(), context)?;
    change::takes_changes(&store, ATTEMPTED)?;
    let flags = known::load(&store, ATTEMPTED).await?.flags().count();
    if !args.by.dry_run {
        let change = change::by(&args.by, Some(&args.reason));
        store.accept(&change).await.map_err(|error| failed(ATTEMPTED, &error))?;
    }
    let shown = Shown { version: VERSION, store: store.name(), dry_run: args.by.dry_run, flags };
    context.output.result(&shown, &shown);
    Ok(Exit::Done)
}

impl fmt::Display for Shown {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (flags, store) = (counted(self.flags, "flag"), one_line(&self.store));
        if self.dry_run {
            return write!(
                f,
                "would tell every process that what {store} has, {flags}, is all that is meant"
            );
        }
        write!(f, "what {store} has, {flags}, is all that is meant: a process that held more takes that up")
    }
}
