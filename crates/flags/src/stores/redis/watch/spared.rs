//! A flag that the server threw out for want of memory has not been removed by anybody: it counts as what it was.

use std::collections::{BTreeSet, HashSet};
use std::sync::Arc;

use tokio::time::Instant;

use super::{End, Loaded, Watcher};
use crate::store::Key;
use crate::stores::redis::link::Link;
use crate::stores::redis::read::Reading;
use crate::stores::redis::trouble::Trouble;
use crate::stores::redis::{held, keys};

/// What the audit knows of a key: when it lapses by itself, in milliseconds since 1970, and the word of what it holds.
pub(super) fn known_word(text: &[u8]) -> Option<(u64, &[u8])> {
    let at = text.iter().position(|byte| *byte == b'|')?;
    let lapses = std::str::from_utf8(&text[..at]).ok()?.parse().unwrap_or(0);
    Some((lapses, &text[at + 1..]))
}

impl Watcher {
    /// What was read, made ready to be told.
    pub(super) async fn loaded(
        &mut self,
        link: &mut Link,
        mut reading: Reading,
        as_of: Instant,
        evicted: Option<u64>,
        flushed: bool,
    ) -> Result<Loaded, End> {
        let grew = self.grew(evicted);
        let same = self.same(&reading, flushed);
        let spared = if same { self.spare(link, &mut reading, grew).await? } else { BTreeSet::new() };
        if same {
            self.restore(link, &mut reading).await.map_err(|trouble| self.lost(trouble))?;
        }
        reading.contents.revision = Some(reading.contents.revision.unwrap_or_default());
        Ok(Loaded { reading, as_of, evicted, spared, same })
    }

    /// Whether the server has thrown out keys since everything was last read.
    pub(super) fn grew(&self, evicted: Option<u64>) -> bool {
        let before = self.known.as_ref().and_then(|known| known.evicted);
        before.zip(evicted).is_some_and(|(before, now)| now > before)
    }

    /// Whether it is the database that is known. One that can have no identity is, unless it was emptied.
    fn same(&self, reading: &Reading, flushed: bool) -> bool {
        let known = self.known.as_ref();
        known.is_some_and(|known| known.identity == reading.identity)
            && (reading.identity.is_some() || !flushed)
    }

    /// Puts back what was only thrown out.
    async fn spare(
        &mut self,
        link: &mut Link,
        reading: &mut Reading,
        grew: bool,
    ) -> Result<BTreeSet<Key>, End> {
        let Some(known) = &self.known else { return Ok(BTreeSet::new()) };
        let values = &reading.contents.values;
        let gone = known.contents.values.keys().filter(|key| !values.contains_key(*key));
        let gone: Vec<_> = gone.filter(|key| grew || known.spared.contains(*key)).cloned().collect();
        let spared = self.thrown_out(link, gone).await?;
        let known = self.known.as_ref().map(|known| &known.contents.values);
        for key in &spared {
            if let Some(held) = known.and_then(|values| values.get(key)) {
                reading.contents.values.insert(key.clone(), held.clone());
            }
        }
        Ok(spared)
    }

    /// Of keys that are gone from a server that throws out keys, those that nobody removed through a store and that did
    /// not lapse; told to the operator.
    pub(super) async fn thrown_out(&mut self, link: &mut Link, gone: Vec<Key>) -> Result<BTreeSet<Key>, End> {
        if gone.is_empty() {
            return Ok(BTreeSet::new());
        }
        let removed = removed(link, &gone).await.map_err(|trouble| self.lost(trouble))?;
        let spared: BTreeSet<_> = gone.into_iter().filter(|key| !removed.contains(key)).collect();
        if let Some(first) = spared.first() {
            let text = format!(
                "{} throws out keys for want of memory: {first}, which counts as what it was until it is set \
                 again; flags want maxmemory-policy noeviction",
                self.name
            );
            self.notices.evicts(&self.teller, text).await?;
        }
        Ok(spared)
    }

    /// Puts back the revision and the mark, should they have been thrown out: neither may go back.
    async fn restore(&self, link: &mut Link, reading: &mut Reading) -> Result<(), Trouble> {
        let Some(known) = &self.known else { return Ok(()) };
        let contents = &mut reading.contents;
        if let (None, Some(revision)) = (contents.revision, known.contents.revision) {
            if revision.0 > 0 {
                set_once(link, keys::REVISION, &revision.to_string()).await?;
            }
            contents.revision = Some(revision);
        }
        if let (None, Some(epoch)) = (&contents.epoch, &known.contents.epoch) {
            set_once(link, keys::EPOCH, epoch).await?;
            contents.epoch = Some(Arc::clone(epoch));
        }
        Ok(())
    }

    /// Gives the database an identity before it is read, where it has none and may be given one: the known one only if
    /// that may have been thrown out. Whether it has one then.
    pub(super) async fn introduce(
        &self,
        link: &mut Link,
        evicted: Option<u64>,
        flushed: bool,
    ) -> Result<bool, Trouble> {
        let stands: Option<String> = link.ask(redis::cmd("GET").arg(keys::IDENTITY)).await?;
        if stands.is_some() {
            return Ok(true);
        }
        let lost = !flushed && self.grew(evicted);
        let known = self.known.as_ref().filter(|_| lost).and_then(|known| known.identity.clone());
        let identity = known.unwrap_or_else(|| Arc::from(format!("{:016x}", fastrand::u64(..))));
        set_once(link, keys::IDENTITY, &identity).await
    }
}

/// Puts it there unless something is there already. Who may not write does without: whether it is there.
async fn set_once(link: &mut Link, key: &str, value: &str) -> Result<bool, Trouble> {
    match link.ask::<()>(redis::cmd("SET").arg(key).arg(value).arg("NX")).await {
        Ok(()) => Ok(true),
        Err(Trouble::Said(_)) => Ok(false),
        Err(trouble) => Err(trouble),
    }
}

/// Those that were removed through a store, or lapsed as they were told to.
async fn removed(link: &mut Link, gone: &[Key]) -> Result<HashSet<Key>, Trouble> {
    let mut question = redis::cmd("HMGET");
    question.arg(keys::KNOWN).arg(gone.iter().map(ToString::to_string).collect::<Vec<_>>());
    let known: Vec<Option<Vec<u8>>> = match link.ask(&question).await {
        Err(Trouble::Said(_)) => return Ok(HashSet::new()),
        known => known?,
    };
    let (seconds, micros): (u64, u64) = link.ask(&redis::cmd("TIME")).await?;
    let now = seconds.saturating_mul(1_000).saturating_add(micros / 1_000);
    let removed = |text: &Option<Vec<u8>>| {
        let known = text.as_deref().and_then(known_word);
        known.is_some_and(|(lapses, word)| word == held::NOTHING || (lapses > 0 && now >= lapses))
    };
    Ok(gone.iter().zip(&known).filter(|(_, text)| removed(text)).map(|(key, _)| key.clone()).collect())
}
