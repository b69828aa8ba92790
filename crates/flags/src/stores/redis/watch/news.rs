//! Changes that the server tells of are read, and told.

use std::collections::BTreeMap;

use tokio::time::Instant;

use super::session::{Ears, ROUNDS, odd, open};
use super::{End, Known, Watcher};
use crate::store::{Contents, Held, Key, Revision, StoreEvent};
use crate::stores::redis::link::Link;
use crate::stores::redis::pushed::Pushed;
use crate::stores::redis::read::{self, Meta, Part};
use crate::stores::redis::trouble::Trouble;

/// What has been read and not been told yet.
#[derive(Default)]
struct News {
    values: BTreeMap<Key, Option<Held>>,
    meta: Option<Meta>,
}

impl Watcher {
    /// Reads what was told to have changed, and tells it.
    pub(super) async fn catch_up(&mut self, ears: &mut Ears) -> Result<(), End> {
        let (mut news, mut as_of) = (News::default(), None);
        for _ in 0..ROUNDS {
            let pushed = open(ears.told().await).map_err(|trouble| self.lost(trouble))?;
            if pushed.everything {
                return self.load(ears, true, true).await;
            }
            for odd in odd(&pushed) {
                self.notice_odd(&odd).await?;
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
        let (asked, after) = (part.asked, part.meta.revision.or(before));
        news.take(part);
        if before != after && !(told.revision && follows(before, after)) {
            ears.link.ask::<()>(&redis::cmd("PING")).await?;
        }
        Ok(asked)
    }

    async fn tell_news(&mut self, ears: &mut Ears, news: News, as_of: Option<Instant>) -> Result<(), End> {
        let (Some(known), Some(meta)) = (&self.known, &news.meta) else { return Ok(()) };
        if meta.identity != known.identity {
            return self.load(ears, false, false).await;
        }
        let meta = meta.or_what_was(&known.contents);
        let revision = meta.revision;
        let counted = revision.unwrap_or_default().0.abs_diff(known.revision().unwrap_or_default().0);
        let marked = meta.epoch != known.contents.epoch;
        let changes = self.changes(ears, &news, counted > 0).await?;
        let Some(known) = &mut self.known else { return Ok(()) };
        known.take(&changes, &meta, as_of);
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

impl Meta {
    /// A revision or a mark that is gone from the same database was lost, not taken back.
    fn or_what_was(&self, known: &Contents) -> Self {
        Self {
            revision: self.revision.or(known.revision),
            epoch: self.epoch.clone().or_else(|| known.epoch.clone()),
            identity: self.identity.clone(),
        }
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

/// Whether exactly one change was counted.
fn follows(before: Option<Revision>, after: Option<Revision>) -> bool {
    before.zip(after).is_some_and(|(before, after)| before.0.checked_add(1) == Some(after.0))
}
