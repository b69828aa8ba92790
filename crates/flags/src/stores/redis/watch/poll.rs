//! The last way: everything is read from time to time.

use std::convert::Infallible;
use std::time::Duration;

use tokio::time::Instant;

use super::{End, Watcher};
use crate::stores::redis::link::{Link, Patience};
use crate::stores::redis::options::about;
use crate::stores::redis::read;

impl Watcher {
    /// Reads everything for as long as that works.
    pub(super) async fn poll(&mut self, mut link: Link, every: Duration) -> Result<Infallible, End> {
        let mut first = true;
        loop {
            link.set_patience(Patience::all(self.options.patience()));
            self.look(&mut link, first).await?;
            first = false;
            tokio::time::sleep(about(every)).await;
        }
    }

    async fn look(&mut self, link: &mut Link, first: bool) -> Result<(), End> {
        let evicted = read::evicted(link).await.map_err(|trouble| self.lost(trouble))?;
        self.introduce(link, evicted, false).await.map_err(|trouble| self.lost(trouble))?;
        let begun = Instant::now();
        let reading = read::steady(link).await.map_err(|trouble| self.lost(trouble))?;
        let loaded = self.loaded(link, reading, begun, evicted, false).await?;
        if first { self.tell_all(loaded).await } else { self.tell_difference(loaded).await }
    }
}
