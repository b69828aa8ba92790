//! The flags of one process, from its start to its end.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use handover_flags::{FlagEvent, FlagHandle, FlagStore, Flags, RedisStore};
use tokio::runtime::Handle;
use tokio::sync::broadcast::error::RecvError;

use super::bend::Bend;
use super::book::FLAGS;
use super::log::Log;

/// So soon a process begins to connect again, and so late at most.
const BACKOFF: (Duration, Duration) = (Duration::from_millis(5), Duration::from_millis(100));
/// Often enough that most schedules have one.
const RECONCILE: Duration = Duration::from_millis(700);

#[derive(Debug)]
pub(super) struct Process {
    pub(super) flags: Flags,
    pub(super) handles: Vec<FlagHandle>,
    /// Which process this is, counted from the first.
    pub(super) number: u64,
}

/// How a process begins.
#[derive(Debug, Clone, Copy)]
pub(super) struct Begin<'a> {
    pub(super) url: &'a str,
    pub(super) heartbeat: Duration,
    pub(super) file: &'a Path,
    pub(super) wait: Duration,
    pub(super) bend: Bend,
}

impl Process {
    pub(super) fn start(runtime: &Handle, log: &Arc<Log>, number: u64, begin: Begin<'_>) -> Self {
        let store = RedisStore::new(begin.url).unwrap().with_heartbeat(begin.heartbeat);
        let store = store.with_backoff(BACKOFF.0, BACKOFF.1).with_reconcile(RECONCILE);
        let store: Arc<dyn FlagStore> = begin.bend.of(store);
        let builder =
            FLAGS.iter().fold(Flags::builder(store), |builder, (name, safe)| builder.flag(name, *safe));
        let builder = builder.last_known_good(begin.file).start_within(begin.wait);
        let flags = runtime.block_on(builder.start());
        let handles = FLAGS.iter().map(|(name, _)| flags.handle(name)).collect();
        follow(runtime, log, &flags);
        Self { flags, handles, number }
    }
}

/// Writes down what the flags tell, until they end.
fn follow(runtime: &Handle, log: &Arc<Log>, flags: &Flags) {
    let (mut events, log) = (flags.events(), Arc::clone(log));
    runtime.spawn(async move {
        loop {
            match events.recv().await {
                Ok(event) => {
                    if matches!(event, FlagEvent::Lost { .. }) {
                        log.lost();
                    }
                    log.say(format!("        told: {event:?}"));
                }
                Err(RecvError::Lagged(_)) => {}
                Err(RecvError::Closed) => return,
            }
        }
    });
}
