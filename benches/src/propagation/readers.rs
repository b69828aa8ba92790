use std::time::Duration;

use handover_flags::FlagHandle;
use tokio::time::Instant;

/// How long is waited for a client before the bench gives up.
const PATIENCE: Duration = Duration::from_mins(1);

/// Between two looks at all clients, so that looking leaves the cores to those who listen.
const PAUSE: Duration = Duration::from_micros(50);

/// Reads every client's flag, as the code of a service would, and stamps the first read of the new value.
pub(crate) struct Readers(Vec<FlagHandle>);

impl Readers {
    pub(crate) const fn of(handles: Vec<FlagHandle>) -> Self {
        Self(handles)
    }

    /// How long after the writing began each client was first seen to read this value.
    pub(crate) fn until_all_read(&self, wanted: bool, writing: Instant) -> Vec<Duration> {
        let mut left: Vec<_> = self.0.iter().collect();
        let mut times = Vec::with_capacity(left.len());
        while !left.is_empty() && writing.elapsed() < PATIENCE {
            left.retain(|handle| {
                let read = handle.get() == wanted;
                times.extend(read.then(|| writing.elapsed()));
                !read
            });
            std::thread::sleep(PAUSE);
        }
        times
    }
}
