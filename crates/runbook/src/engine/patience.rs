use std::time::Duration;

use tokio::time::Instant;

/// However short a step asks to wait, this long is waited: a step must not keep a core busy.
const LEAST: Duration = Duration::from_millis(50);

/// How long errors that may pass are borne, counted from the first.
#[derive(Debug)]
pub(super) struct Patience {
    limit: Duration,
    since: Option<Instant>,
}

impl Patience {
    pub(super) fn new(limit: Duration) -> Self {
        Self { limit, since: None }
    }

    /// How long to wait before the next try, given the wish; `None` when it is enough.
    ///
    /// A wish beyond the limit is cut, so that the last try happens at the limit.
    pub(super) fn wait(&mut self, wish: Duration) -> Option<Duration> {
        let since = *self.since.get_or_insert_with(Instant::now);
        let left = self.limit.saturating_sub(since.elapsed());
        (!left.is_zero()).then(|| wish.max(LEAST).min(left))
    }

    /// Forgets the errors so far.
    pub(super) fn renew(&mut self) {
        self.since = None;
    }
}
