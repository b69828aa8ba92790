//! `handover flags watch`: each change as it arrives, and how long it took.

mod line;
mod trail;
mod watching;

use std::future::pending;
use std::pin::pin;
use std::time::Duration;

use tokio::signal::unix::{SignalKind, signal};
use tokio::time::interval;

use self::watching::Watching;
use super::{known, opened};
use crate::args::WatchFlags;
use crate::context::Context;
use crate::exit::Exit;
use crate::report::Failure;

const ATTEMPTED: &str = "could not watch the flags";

/// How often it is looked whether somebody still reads.
const LOOK: Duration = Duration::from_millis(200);

/// Watches until Ctrl-C, until nobody reads any more, or for so many changes.
pub(super) async fn run(args: &WatchFlags, context: &Context) -> Result<Exit, Failure> {
    let names = args.flags.iter().map(|name| known::named(name, ATTEMPTED)).collect::<Result<_, _>>()?;
    let store = opened::open(args.store.at.as_deref(), context)?;
    let mut events = store.watch();
    let mut watching = Watching::new(store, names);
    let mut look = interval(LOOK);
    let mut interrupted = pin!(interrupted());
    let mut left = args.count.map(std::num::NonZeroUsize::get);
    loop {
        let event = tokio::select! {
            event = events.next() => event,
            _ = look.tick() => {
                if !context.output.is_read() {
                    return Ok(Exit::Done);
                }
                continue;
            }
            () = &mut interrupted => return Ok(watching.exit()),
        };
        let Some(event) = event else { return Ok(watching.exit()) };
        for line in watching.take(event).await {
            if !context.output.next(&line, &line) {
                return Ok(Exit::Done);
            }
            left = left.map(|left| left - usize::from(line.is_change()));
            if left == Some(0) {
                return Ok(watching.exit());
            }
        }
    }
}

/// Ready once Ctrl-C was typed; never where it cannot be listened for, and then it ends the process.
async fn interrupted() {
    match signal(SignalKind::interrupt()) {
        Ok(mut interrupts) => drop(interrupts.recv().await),
        Err(_) => pending().await,
    }
}
