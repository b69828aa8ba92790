use std::sync::{Mutex, TryLockError};
use std::time::Duration;

use tokio::time::Instant;

use super::upstream::Upstream;

/// Connections to one instance that nobody uses right now, the warmest on top.
///
/// Several small stacks, each taken only if it is free this instant, so that no request ever waits for a lock.
#[derive(Debug, Default)]
pub(super) struct Pool {
    stacks: [Mutex<Vec<Idle>>; STACKS],
}

#[derive(Debug)]
struct Idle {
    since: Instant,
    upstream: Box<Upstream>,
}

const STACKS: usize = 4;
/// More than this many idle connections in one stack are not worth keeping.
const DEPTH: usize = 256;

impl Pool {
    /// A connection idle for less than `limit`, and how long it was.
    pub(super) fn take(&self, now: Instant, limit: Duration) -> Option<(Box<Upstream>, Duration)> {
        self.stacks.iter().find_map(|stack| {
            let idle = free(stack)?.pop()?;
            let idle_for = now.saturating_duration_since(idle.since);
            // Those below it in the stack are older still; the sweep closes them.
            (idle_for < limit).then_some((idle.upstream, idle_for))
        })
    }

    /// Keeps a connection; closes it where there is no room, or no stack free.
    pub(super) fn put(&self, upstream: Box<Upstream>, now: Instant) {
        let stack = self.stacks.iter().filter_map(free).find(|stack| stack.len() < DEPTH);
        if let Some(mut stack) = stack {
            stack.push(Idle { since: now, upstream });
        }
    }

    /// Closes what was idle for longer than `limit`.
    pub(super) fn sweep(&self, now: Instant, limit: Duration) {
        for stack in self.stacks.iter().filter_map(free) {
            let mut stack = stack;
            stack.retain(|idle| now.saturating_duration_since(idle.since) < limit);
        }
    }

    /// Closes all of it.
    pub(super) fn clear(&self) {
        for stack in &self.stacks {
            stack.lock().unwrap_or_else(std::sync::PoisonError::into_inner).clear();
        }
    }
}

fn free(stack: &Mutex<Vec<Idle>>) -> Option<std::sync::MutexGuard<'_, Vec<Idle>>> {
    match stack.try_lock() {
        Ok(stack) => Some(stack),
        Err(TryLockError::Poisoned(stack)) => Some(stack.into_inner()),
        Err(TryLockError::WouldBlock) => None,
    }
}
