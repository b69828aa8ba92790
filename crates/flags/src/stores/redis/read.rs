use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use redis::Pipeline;
use tokio::time::Instant;

use super::link::Link;
use super::trouble::Trouble;
use super::{held, keys};
use crate::store::{Contents, Held, Key, Revision};

/// How many values one question asks for.
const AT_ONCE: usize = 256;
/// How many names the server looks at in one go.
const STEP: usize = 1_000;
/// How often everything is read anew because changes come in between.
const TRIES: usize = 5;
/// How many names that are none are told.
const ODD: usize = 20;

/// Everything that was read. A revision that is not there is none: counting has not begun, or it was lost.
#[derive(Debug, Default)]
pub(super) struct Reading {
    pub(super) contents: Contents,
    pub(super) identity: Option<Arc<str>>,
    /// Names under the flags' prefixes that cannot be a flag's, and why.
    pub(super) odd: BTreeSet<String>,
    /// When the last question was sent.
    pub(super) asked: Option<Instant>,
    /// Whether it was read from two databases: one was put in the place of the other meanwhile.
    pub(super) mixed: bool,
}

/// What some keys hold, all at one moment.
#[derive(Debug)]
pub(super) struct Part {
    pub(super) values: Vec<(Key, Option<Held>)>,
    pub(super) meta: Meta,
    /// When the question was sent.
    pub(super) asked: Instant,
}

/// What stands beside the flags.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Meta {
    pub(super) revision: Option<Revision>,
    pub(super) epoch: Option<Arc<str>>,
    pub(super) identity: Option<Arc<str>>,
}

impl Reading {
    /// What was read of some keys later on.
    pub(super) fn update(&mut self, some: Part) {
        self.mixed |= self.asked.is_some() && self.identity != some.meta.identity;
        for (key, held) in some.values {
            set(&mut self.contents.values, key, held);
        }
        self.contents.revision = some.meta.revision;
        self.contents.epoch = some.meta.epoch;
        self.identity = some.meta.identity;
        self.asked = Some(some.asked);
    }
}

/// Puts it there, or takes away what is there.
pub(super) fn set(values: &mut BTreeMap<Key, Held>, key: Key, held: Option<Held>) {
    match held {
        Some(held) => values.insert(key, held),
        None => values.remove(&key),
    };
}

/// Reads everything: not at one moment, where it is more than fits in one question.
pub(super) async fn everything(link: &mut Link) -> Result<Reading, Trouble> {
    let mut reading = Reading::default();
    let keys = names(link, &mut reading.odd).await?;
    let mut chunks = keys.chunks(AT_ONCE).collect::<Vec<_>>();
    if chunks.is_empty() {
        chunks.push(&[]);
    }
    for chunk in chunks {
        let some = some(link, chunk).await?;
        reading.update(some);
    }
    Ok(reading)
}

/// Reads everything until nothing was counted meanwhile: otherwise the revision would count a change that was not read.
pub(super) async fn steady(link: &mut Link) -> Result<Reading, Trouble> {
    let mut tries = 1;
    loop {
        let (_, before, _) = beat(link).await?;
        let reading = everything(link).await?;
        let steady = reading.contents.revision == before && !reading.mixed;
        if steady || tries == TRIES {
            return Ok(reading);
        }
        tries += 1;
    }
}

/// The keys of all flags.
async fn names(link: &mut Link, odd: &mut BTreeSet<String>) -> Result<Vec<Key>, Trouble> {
    let (mut found, mut cursor) = (BTreeSet::new(), String::from("0"));
    loop {
        let mut scan = redis::cmd("SCAN");
        scan.arg(&cursor).arg("MATCH").arg(keys::EVERYTHING).arg("COUNT").arg(STEP);
        let (next, names): (String, Vec<Vec<u8>>) = link.ask(&scan).await?;
        for name in &names {
            sort(name, &mut found, odd);
        }
        if next == "0" {
            return Ok(found.into_iter().collect());
        }
        cursor = next;
    }
}

fn sort(name: &[u8], found: &mut BTreeSet<Key>, odd: &mut BTreeSet<String>) {
    match key(name) {
        Some(Ok(key)) => drop(found.insert(key)),
        Some(Err(why)) if odd.len() < ODD => drop(odd.insert(why)),
        _ => {}
    }
}

/// The key of this name, why it is none, or nothing where it is no name of ours.
pub(super) fn key(name: &[u8]) -> Option<Result<Key, String>> {
    match std::str::from_utf8(name) {
        Ok(text) => Key::parse(text).map(|key| key.map_err(|error| error.to_string())),
        Err(_) => Key::PREFIXES
            .iter()
            .any(|prefix| name.starts_with(prefix.as_bytes()))
            .then(|| Err(format!("`{}` is not UTF-8", escaped(name)))),
    }
}

fn escaped(name: &[u8]) -> String {
    name.escape_ascii().to_string().chars().take(80).collect()
}

/// Reads these keys and what stands beside the flags, at one moment.
pub(super) async fn some(link: &mut Link, wanted: &[Key]) -> Result<Part, Trouble> {
    let mut question = redis::cmd("MGET");
    for key in wanted {
        question.arg(key.to_string());
    }
    question.arg(&[keys::REVISION, keys::EPOCH, keys::IDENTITY]);
    let asked = Instant::now();
    let mut answers: Vec<Option<Vec<u8>>> = link.ask(&question).await?;
    if answers.len() != wanted.len() + 3 {
        return Err(Trouble::Odd(format!("{} values for {} keys", answers.len(), wanted.len() + 3)));
    }
    let meta = Meta::of(&answers.split_off(wanted.len()));
    let values = values(link, wanted, answers).await?;
    Ok(Part { values, meta, asked })
}

impl Meta {
    fn of(answers: &[Option<Vec<u8>>]) -> Self {
        let text = |at: usize| Some(String::from_utf8_lossy(answers.get(at)?.as_deref()?).into_owned());
        Self {
            revision: text(0).as_deref().map(revision),
            epoch: text(1).map(Into::into),
            identity: text(2).map(Into::into),
        }
    }
}

/// What is no number is where counting begins.
pub(super) fn revision(text: &str) -> Revision {
    Revision(text.parse().unwrap_or_default())
}

/// A key that holds no string reads as nothing.
async fn values(
    link: &mut Link,
    wanted: &[Key],
    answers: Vec<Option<Vec<u8>>>,
) -> Result<Vec<(Key, Option<Held>)>, Trouble> {
    let mut values: Vec<_> = wanted
        .iter()
        .cloned()
        .zip(answers.into_iter().map(|answer| answer.as_deref().map(Held::from_bytes)))
        .collect();
    let mut empty: Vec<_> = values.iter_mut().filter(|(_, held)| held.is_none()).collect();
    if !empty.is_empty() {
        let kinds = kinds(link, empty.iter().map(|(key, _)| key)).await?;
        for ((_, held), kind) in empty.iter_mut().zip(kinds) {
            // One that has become a string since is told by itself, and read then.
            *held = (kind != "none" && kind != "string").then(|| held::of_kind(&kind));
        }
    }
    Ok(values)
}

async fn kinds<'a>(link: &mut Link, wanted: impl Iterator<Item = &'a Key>) -> Result<Vec<String>, Trouble> {
    let mut pipeline = Pipeline::new();
    for key in wanted {
        pipeline.cmd("TYPE").arg(key.to_string());
    }
    let answers = link.ask_all(&pipeline).await?;
    answers.into_iter().map(|answer| link.read(answer?)).collect()
}

/// The identity and the revision: the cheapest question that also shows whether this is the same database.
pub(super) async fn beat(link: &mut Link) -> Result<(Option<Arc<str>>, Option<Revision>, Instant), Trouble> {
    let mut pipeline = Pipeline::new();
    pipeline.cmd("GET").arg(keys::IDENTITY).cmd("GET").arg(keys::REVISION);
    let asked = Instant::now();
    let mut answers = link.ask_all(&pipeline).await?.into_iter();
    let mut next = || match answers.next() {
        Some(answer) => link.read::<Option<String>>(answer?),
        None => Err(Trouble::Odd("an answer is missing".to_owned())),
    };
    let (identity, counted) = (next()?, next()?);
    Ok((identity.map(Into::into), counted.as_deref().map(revision), asked))
}

/// How many keys the server has thrown out for want of memory; none where it does not say.
pub(super) async fn evicted(link: &mut Link) -> Result<Option<u64>, Trouble> {
    match link.ask::<String>(redis::cmd("INFO").arg("stats")).await {
        Ok(stats) => Ok(stats
            .lines()
            .find_map(|line| line.strip_prefix("evicted_keys:"))
            .and_then(|count| count.trim().parse().ok())),
        Err(Trouble::Said(_)) => Ok(None),
        Err(trouble) => Err(trouble),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_read_from_two_databases_is_mixed() {
        let part = |identity: Option<&str>| Part {
            values: Vec::new(),
            meta: Meta { identity: identity.map(Into::into), ..Meta::default() },
            asked: Instant::now(),
        };
        for (identities, mixed) in [
            ([Some("a"), Some("a")], false),
            ([Some("a"), None], true),
            ([None, None], false),
            ([Some("a"), Some("b")], true),
        ] {
            let mut reading = Reading::default();
            for identity in identities {
                reading.update(part(identity));
            }
            assert_eq!(reading.mixed, mixed, "{identities:?}");
        }
    }
}
