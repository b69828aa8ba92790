//! One connection on which the server tells of changes.

use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;

use tokio::time::{Instant, timeout, timeout_at};

use super::ladder::Way;
use super::{End, Watcher};
use crate::store::StoreEvent;
use crate::stores::redis::link::{Link, Patience};
use crate::stores::redis::options::{Options, about};
use crate::stores::redis::pushed::{Inbox, Pushed};
use crate::stores::redis::read::{self, Reading};
use crate::stores::redis::trouble::Trouble;

/// How often something new may come in between before what is known is told.
pub(super) const ROUNDS: usize = 64;
/// The revision is told a moment before what it counts.
const MOMENT: Duration = Duration::from_millis(1);
/// How often the revision may be another than was told before all is read again.
const DOUBTS: u32 = 2;

/// A connection that is listened to.
pub(super) struct Ears {
    pub(super) link: Link,
    pub(super) inbox: Arc<Inbox>,
    beat: Instant,
    reconcile: Instant,
    doubts: u32,
}

/// What comes next.
enum Next {
    Told,
    Beat,
    Reconcile,
}

impl Ears {
    fn new(way: Way, options: &Options) -> Self {
        let now = Instant::now();
        Self {
            link: way.link,
            inbox: way.inbox,
            beat: now + options.beat(),
            reconcile: now + about(options.reconcile),
            doubts: 0,
        }
    }

    async fn next(&mut self, options: &Options) -> Next {
        let until = self.beat.min(self.reconcile);
        // The time comes first: a flood of changes must not keep the beat from being asked for.
        if Instant::now() < until && timeout_at(until, self.inbox.rings()).await.is_ok() {
            return Next::Told;
        }
        let now = Instant::now();
        if self.reconcile <= now {
            self.reconcile = now + about(options.reconcile);
            return Next::Reconcile;
        }
        self.beat = now + options.beat();
        Next::Beat
    }

    /// What was told so far. The revision alone is about something that follows at once.
    pub(super) async fn told(&self) -> Pushed {
        if self.inbox.only_revision() {
            let more = async {
                while self.inbox.only_revision() {
                    self.inbox.rings().await;
                }
            };
            // Nothing more: a change that changed nothing.
            let _ = timeout(MOMENT, more).await;
        }
        self.inbox.take()
    }
}

impl Watcher {
    pub(super) async fn listen(&mut self, way: Way) -> Result<Infallible, End> {
        let mut ears = Ears::new(way, &self.options);
        self.load(&mut ears, true, false).await?;
        // Who has been told counts on hearing of silence soon, also while everything is read again.
        ears.link.set_patience(Patience::Each(self.options.heartbeat));
        loop {
            match ears.next(&self.options).await {
                Next::Told => self.catch_up(&mut ears).await?,
                Next::Beat => self.beat(&mut ears).await?,
                Next::Reconcile => self.load(&mut ears, false, false).await?,
            }
        }
    }

    /// Reads everything, and tells it: `all` of it, or what is different.
    pub(super) async fn load(&mut self, ears: &mut Ears, all: bool, mut flushed: bool) -> Result<(), End> {
        let (reading, as_of, evicted) = loop {
            match self.read_all(ears, flushed).await.map_err(|trouble| self.lost(trouble))? {
                Some(read) => break read,
                None => flushed = true,
            }
        };
        let loaded = self.loaded(&mut ears.link, reading, as_of, evicted, flushed).await?;
        ears.doubts = 0;
        if all { self.tell_all(loaded).await } else { self.tell_difference(loaded).await }
    }

    /// Everything, and since when that is known; none where the database was emptied or swapped meanwhile.
    async fn read_all(
        &self,
        ears: &mut Ears,
        flushed: bool,
    ) -> Result<Option<(Reading, Instant, Option<u64>)>, Trouble> {
        let evicted = read::evicted(&mut ears.link).await?;
        if open(ears.inbox.take())?.everything {
            return Ok(None);
        }
        let named = self.introduce(&mut ears.link, evicted, flushed).await?;
        let begun = Instant::now();
        let mut reading = read::everything(&mut ears.link).await?;
        if named && reading.identity.is_none() {
            return Ok(None);
        }
        for _ in 0..ROUNDS {
            // What changed before this question is told before its answer.
            let (identity, revision, asked) = read::beat(&mut ears.link).await?;
            let pushed = open(ears.inbox.take())?;
            if pushed.everything || reading.mixed || identity != reading.identity {
                return Ok(None);
            }
            reading.odd.extend(odd(&pushed));
            if pushed.any() {
                let keys: Vec<_> = pushed.keys.into_iter().collect();
                reading.update(read::some(&mut ears.link, &keys).await?);
            } else if reading.contents.revision == revision {
                return Ok(Some((reading, asked, evicted)));
            }
        }
        // It changes all the time: nothing is known to be younger than the first question.
        Ok(Some((reading, begun, evicted)))
    }

    /// Asks whether the server is there, and whether it is still the same.
    async fn beat(&mut self, ears: &mut Ears) -> Result<(), End> {
        let asking = read::beat(&mut ears.link).await;
        let (identity, revision, asked) = asking.map_err(|trouble| self.lost(trouble))?;
        let Some(known) = &mut self.known else { return Ok(()) };
        if !ears.inbox.is_empty() {
            // What was told meanwhile is read next.
            return Ok(());
        }
        if identity != known.identity {
            return self.load(ears, false, false).await;
        }
        if known.contents.revision.unwrap_or_default() != revision.unwrap_or_default() {
            ears.doubts += 1;
            return if ears.doubts < DOUBTS { Ok(()) } else { self.load(ears, false, false).await };
        }
        (ears.doubts, known.as_of) = (0, asked);
        Ok(self.teller.tell(StoreEvent::Fresh { as_of: asked }).await?)
    }
}

/// What was told, on a connection that is still there.
pub(super) fn open(pushed: Pushed) -> Result<Pushed, Trouble> {
    if pushed.closed {
        Err(Trouble::Broken("the server closed the connection".to_owned()))
    } else {
        Ok(pushed)
    }
}

/// Names that cannot be a flag's, and why.
pub(super) fn odd(pushed: &Pushed) -> Vec<String> {
    pushed.others.iter().filter_map(|name| read::key(name)?.err()).collect()
}
