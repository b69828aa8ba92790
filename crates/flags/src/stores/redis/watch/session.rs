//! One connection on which the server tells of changes.

use std::collections::BTreeMap;
use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;

use tokio::time::{Instant, timeout, timeout_at};

use super::ladder::Way;
use super::{End, Known, Watcher};
use crate::store::{Held, Key, Revision, StoreEvent};
use crate::stores::redis::link::{Link, Patience};
use crate::stores::redis::options::{Options, about};
use crate::stores::redis::pushed::{Inbox, Pushed};
use crate::stores::redis::read::{self, Meta, Part, Reading};
use crate::stores::redis::trouble::Trouble;

/// How often something new may come in between before what is known is told.
const ROUNDS: usize = 64;
/// The revision is told a moment before what it counts.
const MOMENT: Duration = Duration::from_millis(1);
/// How often the revision may be another than was told before all is read again.
const DOUBTS: u32 = 2;

/// A connection that is listened to.
struct Ears {
    link: Link,
    inbox: Arc<Inbox>,
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

/// What has been read and not been told yet.
#[derive(Default)]
struct News {
    values: BTreeMap<Key, Option<Held>>,
    meta: Option<Meta>,
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
    async fn told(&self) -> Pushed {
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
        loop {
            match ears.next(&self.options).await {
                Next::Told => self.catch_up(&mut ears).await?,
                Next::Beat => self.beat(&mut ears).await?,
                Next::Reconcile => self.load(&mut ears, false, false).await?,
            }
        }
    }

    /// Reads everything, and tells it: `all` of it, or what is different.
    async fn load(&mut self, ears: &mut Ears, all: bool, mut flushed: bool) -> Result<(), End> {
        ears.link.set_patience(Patience::Each(self.options.patience()));
        let (reading, as_of, evicted) = loop {
            match self.read_all(ears).await.map_err(|trouble| self.lost(trouble))? {
                Some(read) => break read,
                None => flushed = true,
            }
        };
        let loaded = self.loaded(&mut ears.link, reading, as_of, evicted, flushed).await?;
        ears.link.set_patience(Patience::Each(self.options.heartbeat));
        ears.doubts = 0;
        if all { self.tell_all(loaded).await } else { self.tell_difference(loaded).await }
    }

    /// Everything, and since when that is known; none where the database was emptied meanwhile.
    async fn read_all(&self, ears: &mut Ears) -> Result<Option<(Reading, Instant, Option<u64>)>, Trouble> {
        let evicted = read::evicted(&mut ears.link).await?;
        if open(ears.inbox.take())?.everything {
            return Ok(None);
        }
        let begun = Instant::now();
        let mut reading = read::everything(&mut ears.link).await?;
        for _ in 0..ROUNDS {
            // What changed before this question is told before its answer.
            let (_, revision, asked) = read::beat(&mut ears.link).await?;
            let pushed = open(ears.inbox.take())?;
            if pushed.everything {
                return Ok(None);
            }
            reading.odd.extend(odd(&pushed));
            if pushed.any() {
                let keys: Vec<_> = pushed.keys.into_iter().collect();
                reading.update(read::some(&mut ears.link, &keys).await?);
            } else if reading.contents.revision == Some(revision) {
                return Ok(Some((reading, asked, evicted)));
            }
        }
        // It changes all the time: nothing is known to be younger than the first question.
        Ok(Some((reading, begun, evicted)))
    }

    /// Reads what was told to have changed, and tells it.
    async fn catch_up(&mut self, ears: &mut Ears) -> Result<(), End> {
        let (mut news, mut as_of) = (News::default(), None);
        for _ in 0..ROUNDS {
            let pushed = open(ears.told().await).map_err(|trouble| self.lost(trouble))?;
            if pushed.everything {
                return self.load(ears, true, true).await;
            }
            for odd in odd(&pushed) {
                self.notices.once(&self.teller, odd).await?;
            }
            if !pushed.any() {
                break;
            }
            let asked =
                self.read_told(ears, pushed, &mut news).await.map_err(|trouble| self.lost(trouble))?;
            if ears.inbox.is_empty() {
                as_of = Some(asked);
                break;
            }
        }
        self.tell_news(ears, news, as_of).await
    }

    /// One question for all that was told.
    ///
    /// A revision that counts more than was told may be ahead of a change that is on its way: that is told before the
    /// answer of another question.
    async fn read_told(&self, ears: &mut Ears, told: Pushed, news: &mut News) -> Result<Instant, Trouble> {
        let before = news.revision().or_else(|| self.known.as_ref().and_then(Known::revision));
        let keys: Vec<_> = told.keys.into_iter().collect();
        let part = read::some(&mut ears.link, &keys).await?;
        let (asked, after) = (part.asked, part.meta.revision);
        news.take(part);
        if before != after && !(told.revision && follows(before, after)) {
            ears.link.ask::<()>(&redis::cmd("PING")).await?;
        }
        Ok(asked)
    }

    async fn tell_news(&mut self, ears: &mut Ears, news: News, as_of: Option<Instant>) -> Result<(), End> {
        let (Some(known), Some(meta)) = (&self.known, &news.meta) else { return Ok(()) };
        if meta.identity != known.identity {
            return self.load(ears, true, false).await;
        }
        let revision = meta.revision;
        let counted = revision.unwrap_or_default().0.abs_diff(known.revision().unwrap_or_default().0);
        let marked = meta.epoch != known.contents.epoch;
        let changes = self.changes(ears, &news, counted > 0).await?;
        let Some(known) = &mut self.known else { return Ok(()) };
        known.take(&changes, meta, as_of);
        let as_of = known.as_of;
        if changes.len() as u64 != counted {
            self.suspect(changes.iter().map(|(key, _)| key));
        }
        let event = if let (true, Some(known)) = (marked, &self.known) {
            StoreEvent::Contents { contents: known.contents.clone(), as_of }
        } else if changes.is_empty() && counted == 0 {
            StoreEvent::Fresh { as_of }
        } else {
            StoreEvent::Changed { changes, revision, as_of }
        };
        Ok(self.teller.tell(event).await?)
    }

    /// What is different from what was told, without what was only thrown out.
    async fn changes(
        &mut self,
        ears: &mut Ears,
        news: &News,
        counted: bool,
    ) -> Result<Vec<(Key, Option<Held>)>, End> {
        let Some(known) = &self.known else { return Ok(Vec::new()) };
        let mut changes: BTreeMap<_, _> = news
            .values
            .iter()
            .filter(|(key, held)| known.contents.values.get(*key) != held.as_ref())
            .map(|(key, held)| (key.clone(), held.clone()))
            .collect();
        if counted {
            // One that was thrown out may have been removed since.
            let spared = known.spared.iter().filter(|key| !news.values.contains_key(*key));
            changes.extend(spared.map(|key| (key.clone(), None)));
        }
        let gone = changes.iter().filter(|(_, held)| held.is_none()).map(|(key, _)| key.clone());
        for key in self.only_thrown_out(&mut ears.link, gone.collect()).await? {
            changes.remove(&key);
            if let Some(known) = &mut self.known {
                known.spared.insert(key);
            }
        }
        Ok(changes.into_iter().collect())
    }

    async fn only_thrown_out(&mut self, link: &mut Link, gone: Vec<Key>) -> Result<Vec<Key>, End> {
        if gone.is_empty() {
            return Ok(gone);
        }
        let evicted = read::evicted(link).await.map_err(|trouble| self.lost(trouble))?;
        if !self.grew(evicted) {
            return Ok(Vec::new());
        }
        Ok(self.thrown_out(link, gone).await?.into_iter().collect())
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
        if known.contents.revision != Some(revision) {
            ears.doubts += 1;
            return if ears.doubts < DOUBTS { Ok(()) } else { self.load(ears, false, false).await };
        }
        (ears.doubts, known.as_of) = (0, asked);
        Ok(self.teller.tell(StoreEvent::Fresh { as_of: asked }).await?)
    }
}

impl Known {
    fn revision(&self) -> Option<Revision> {
        self.contents.revision
    }

    fn take(&mut self, changes: &[(Key, Option<Held>)], meta: &Meta, as_of: Option<Instant>) {
        for (key, held) in changes {
            self.spared.remove(key);
            read::set(&mut self.contents.values, key.clone(), held.clone());
        }
        self.contents.revision = meta.revision;
        self.contents.epoch.clone_from(&meta.epoch);
        self.as_of = as_of.unwrap_or(self.as_of);
    }
}

impl News {
    fn revision(&self) -> Option<Revision> {
        self.meta.as_ref().and_then(|meta| meta.revision)
    }

    fn take(&mut self, part: Part) {
        self.values.extend(part.values);
        self.meta = Some(part.meta);
    }
}

impl Pushed {
    /// Whether there is anything to read.
    fn any(&self) -> bool {
        !self.keys.is_empty() || self.revision || self.epoch
    }
}

/// Whether exactly one change was counted.
fn follows(before: Option<Revision>, after: Option<Revision>) -> bool {
    before.zip(after).is_some_and(|(before, after)| before.0.checked_add(1) == Some(after.0))
}

/// What was told, on a connection that is still there.
fn open(pushed: Pushed) -> Result<Pushed, Trouble> {
    if pushed.closed {
        Err(Trouble::Broken("the server closed the connection".to_owned()))
    } else {
        Ok(pushed)
    }
}

/// Names that cannot be a flag's, and why.
fn odd(pushed: &Pushed) -> Vec<String> {
    pushed.others.iter().filter_map(|name| read::key(name)?.err()).collect()
}
