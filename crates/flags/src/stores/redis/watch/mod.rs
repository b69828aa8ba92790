//! Telling of every change, for as long as somebody listens.

mod ladder;
mod news;
mod notices;
mod outside;
mod poll;
mod session;
mod spared;

use std::collections::BTreeSet;
use std::convert::Infallible;
use std::sync::Arc;

use tokio::time::Instant;

use self::notices::Notices;
use self::outside::Outside;
use super::link::Server;
use super::options::Options;
use super::read::Reading;
use super::trouble::Trouble;
use crate::store::{Contents, Delivery, Key, StoreError, StoreEvent, Teller, Unwatched};

/// What tells one watcher.
pub(super) struct Watcher {
    server: Arc<Server>,
    name: String,
    options: Options,
    teller: Teller,
    notices: Notices,
    outside: Option<Outside>,
    known: Option<Known>,
    delivery: Option<Delivery>,
    /// Why the connection was last lost, until it is back.
    lost: Option<String>,
    /// How often in a row it could not be made.
    failures: u32,
}

/// What the watcher has been told.
#[derive(Debug)]
struct Known {
    contents: Contents,
    identity: Option<Arc<str>>,
    as_of: Instant,
    /// How many keys the server had thrown out before all of this was read.
    evicted: Option<u64>,
    /// Keys that were thrown out since: they count as what they were.
    spared: BTreeSet<Key>,
}

/// Everything, with what has to be known to tell it.
#[derive(Debug)]
struct Loaded {
    reading: Reading,
    as_of: Instant,
    evicted: Option<u64>,
    spared: BTreeSet<Key>,
    /// Whether it is the database that was known before.
    same: bool,
}

/// Why the watching ends, or begins anew.
#[derive(Debug)]
enum End {
    Unwatched,
    Lost(StoreError),
}

impl From<Unwatched> for End {
    fn from(_: Unwatched) -> Self {
        Self::Unwatched
    }
}

impl Watcher {
    pub(super) fn new(server: Arc<Server>, options: Options, teller: Teller) -> Self {
        let name = server.address.to_string();
        let outside = options.audit_outside.then(|| Outside::start(Arc::clone(&server), teller.clone()));
        Self {
            server,
            name,
            options,
            teller,
            notices: Notices::default(),
            outside,
            known: None,
            delivery: None,
            lost: None,
            failures: 0,
        }
    }

    /// Tells until nobody listens.
    pub(super) async fn run(mut self) {
        loop {
            let Err(end) = self.session().await;
            let End::Lost(error) = end else { return };
            if self.tell_lost(error).await.is_err() {
                return;
            }
            tokio::time::sleep(self.options.pause(self.failures)).await;
            self.failures = self.failures.saturating_add(1);
        }
    }

    /// One connection, from its beginning to its end.
    async fn session(&mut self) -> Result<Infallible, End> {
        let way = self.climb().await?;
        if self.delivery != Some(way.delivery) {
            self.delivery = Some(way.delivery);
            self.teller.tell(StoreEvent::Delivery(way.delivery)).await?;
        }
        match way.delivery {
            Delivery::Polled { every } => self.poll(way.link, every).await,
            _ => self.listen(way).await,
        }
    }

    /// The same reason is told once.
    async fn tell_lost(&mut self, error: StoreError) -> Result<(), Unwatched> {
        let why = error.in_full();
        if self.lost.as_ref() == Some(&why) {
            return Ok(());
        }
        self.lost = Some(why);
        self.teller.tell(StoreEvent::Lost(error)).await
    }

    fn lost(&self, trouble: Trouble) -> End {
        End::Lost(trouble.unchanged(self.name.clone()))
    }

    /// Tells everything, whatever was told before.
    async fn tell_all(&mut self, loaded: Loaded) -> Result<(), End> {
        self.well(&loaded.reading).await?;
        self.suspect_meanwhile(&loaded);
        let Loaded { reading: Reading { contents, identity, .. }, as_of, evicted, spared, .. } = loaded;
        self.suspect_all(&contents);
        self.known = Some(Known { contents: contents.clone(), identity, as_of, evicted, spared });
        Ok(self.teller.tell(StoreEvent::Contents { contents, as_of }).await?)
    }

    /// Tells what is different from what was told before, if that was of the same database.
    async fn tell_difference(&mut self, loaded: Loaded) -> Result<(), End> {
        let Some(known) = self.known.as_mut().filter(|_| loaded.same) else {
            return self.tell_all(loaded).await;
        };
        let event = crate::stores::difference(&known.contents, &loaded.reading.contents, loaded.as_of);
        known.contents = loaded.reading.contents.clone();
        known.identity.clone_from(&loaded.reading.identity);
        (known.as_of, known.evicted, known.spared) = (loaded.as_of, loaded.evicted, loaded.spared);
        self.well(&loaded.reading).await?;
        if let StoreEvent::Changed { changes, .. } = &event {
            self.suspect(changes.iter().map(|(key, _)| key));
        }
        Ok(self.teller.tell(event).await?)
    }

    /// The connection is there, and this is what is odd in it.
    async fn well(&mut self, reading: &Reading) -> Result<(), End> {
        (self.lost, self.failures) = (None, 0);
        for odd in &reading.odd {
            self.notice_odd(odd).await?;
        }
        Ok(())
    }

    async fn notice_odd(&mut self, odd: &str) -> Result<(), End> {
        let text = format!("{} has a key that can be no flag's: {odd}", self.name);
        Ok(self.notices.once(&self.teller, text).await?)
    }

    /// Has changes looked at that may have been made outside.
    fn suspect<'a>(&self, keys: impl Iterator<Item = &'a Key>) {
        let keys: Vec<_> = keys.cloned().collect();
        if let Some(outside) = self.outside.as_ref().filter(|_| !keys.is_empty()) {
            outside.look(keys);
        }
    }

    /// Has changes looked at that were made while the server could not be heard.
    fn suspect_meanwhile(&self, loaded: &Loaded) {
        let Some(known) = self.known.as_ref().filter(|_| loaded.same) else { return };
        let (before, now) = (&known.contents.values, &loaded.reading.contents.values);
        let gone = before.keys().filter(|key| !now.contains_key(*key));
        let other = now.iter().filter(|(key, held)| before.get(*key) != Some(held)).map(|(key, _)| key);
        self.suspect(gone.chain(other));
    }

    /// Has everything compared with what the audit knows.
    fn suspect_all(&self, contents: &Contents) {
        if let Some(outside) = &self.outside {
            outside.compare(contents.values.clone().into_iter().collect());
        }
    }
}
