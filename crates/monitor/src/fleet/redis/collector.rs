use std::collections::BTreeMap;

use handover_core::Timestamp;

use super::super::receiver::{Fleet, Taken};
use super::super::slice::Slice;
use super::keys::{self, Head, Stream};
use super::link::{Link, Trouble};
use super::options::Options;

/// How many slices are read at once.
const AT_ONCE: usize = 256;
/// How far back a stream is read at the first look.
const FAR: u64 = 2_048;
/// How many refusals are told; the rest are counted.
const TOLD: usize = 16;

/// Reads the slices of all instances from Redis.
#[derive(Debug)]
pub struct Collector {
    link: Link,
    prefix: String,
    /// How far each stream has been read.
    read: BTreeMap<Stream, u64>,
}

/// What one look brought.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Collected {
    /// Slices added.
    pub new: u64,
    /// Of them, the first of a new life of their instance.
    pub restarts: u64,
    /// Slices that were announced and not there: Redis had let go of them, or lost them.
    pub gone: u64,
    /// Things found in Redis that were not taken.
    pub refused: u64,
    /// Why, for the first sixteen.
    pub reasons: Vec<String>,
}

impl Collector {
    /// Reads what publishers with the same options write. Connects at the first look.
    ///
    /// # Errors
    ///
    /// [`Trouble`] where the address cannot be used at all.
    pub fn new(options: &Options) -> Result<Self, Trouble> {
        Ok(Self { link: Link::new(options)?, prefix: options.prefix.clone(), read: BTreeMap::new() })
    }

    /// Adds what is new to `fleet`. Called in the background, every slice's length or so.
    ///
    /// # Errors
    ///
    /// [`Trouble`] where Redis does not answer in time; what was read until then has been added, and the rest is read
    /// at the next look.
    ///
    /// # Cancellation
    ///
    /// Dropped, it is as if Redis had not answered.
    pub async fn collect(&mut self, fleet: &mut Fleet, now: Timestamp) -> Result<Collected, Trouble> {
        let looked = self.look(fleet, now).await;
        if looked.is_err() {
            self.link.give_up();
        }
        looked
    }

    async fn look(&mut self, fleet: &mut Fleet, now: Timestamp) -> Result<Collected, Trouble> {
        let mut collected = Collected::default();
        let heads = self.heads(&mut collected).await?;
        self.read.retain(|stream, _| heads.contains_key(stream));
        let ranges: Vec<_> =
            heads.iter().map(|(stream, head)| (stream, self.unread(stream, *head))).collect();
        let mut wanted =
            ranges.into_iter().flat_map(|(stream, seqs)| seqs.map(move |seq| (stream, seq))).peekable();
        while wanted.peek().is_some() {
            let some: Vec<_> = wanted.by_ref().take(AT_ONCE).collect();
            let fetched = self.fetch(&some).await?;
            for ((stream, seq), bytes) in some.into_iter().zip(fetched) {
                self.took(fleet, &mut collected, (stream, seq, bytes), now);
            }
        }
        self.read.extend(heads.into_iter().map(|(stream, head)| (stream, head.seq)));
        Ok(collected)
    }

    /// One slice, or its absence: before the first of a stream is found, what is absent was before this collector.
    fn took(
        &mut self,
        fleet: &mut Fleet,
        collected: &mut Collected,
        (stream, seq, bytes): (&Stream, u64, Option<Vec<u8>>),
        now: Timestamp,
    ) {
        match bytes {
            Some(bytes) => {
                collected.take(fleet, &bytes, (stream, seq), now);
                self.read.insert(stream.clone(), seq);
            }
            None if self.read.contains_key(stream) => {
                collected.gone += 1;
                self.read.insert(stream.clone(), seq);
            }
            None => {}
        }
    }

    async fn heads(&mut self, collected: &mut Collected) -> Result<BTreeMap<Stream, Head>, Trouble> {
        let streams = keys::streams(&self.prefix);
        let connection = self.link.connection().await?;
        let asking = redis::cmd("HGETALL").arg(&streams).to_owned();
        let fields: Vec<(Vec<u8>, Vec<u8>)> =
            asking.query_async(connection).await.map_err(|why| Trouble::new("read", &why))?;
        let mut heads = BTreeMap::new();
        for (field, value) in fields {
            let (field, value) = (String::from_utf8_lossy(&field), String::from_utf8_lossy(&value));
            match Stream::read(&field).zip(Head::read(&value)) {
                Some((stream, head)) => drop(heads.insert(stream, head)),
                None => collected.refuse(|| {
                    format!(
                        "`{}` in {streams} names no stream",
                        field.escape_debug().take(80).collect::<String>()
                    )
                }),
            }
        }
        Ok(heads)
    }

    /// What came after the last that was read, as far back as is sensible.
    fn unread(&self, stream: &Stream, head: Head) -> impl Iterator<Item = u64> + use<> {
        // A head that went back was not written by the instance itself, so what was read says nothing.
        let read = self.read.get(stream).copied().filter(|&read| read <= head.seq).unwrap_or_default();
        (read.max(head.seq.saturating_sub(FAR))..=head.seq).skip(1)
    }

    async fn fetch(&mut self, wanted: &[(&Stream, u64)]) -> Result<Vec<Option<Vec<u8>>>, Trouble> {
        let names: Vec<_> =
            wanted.iter().map(|(stream, seq)| keys::slice(&self.prefix, stream, *seq)).collect();
        let connection = self.link.connection().await?;
        let asking = redis::cmd("MGET").arg(names).to_owned();
        asking.query_async(connection).await.map_err(|why| Trouble::new("read", &why))
    }
}

impl Collected {
    fn take(&mut self, fleet: &mut Fleet, bytes: &[u8], (stream, seq): (&Stream, u64), now: Timestamp) {
        let slice = match Slice::from_bytes(bytes) {
            Ok(slice) => slice,
            Err(why) => return self.refuse(|| format!("slice {seq} of {stream}: {why}")),
        };
        if Stream::of(&slice) != *stream || slice.seq != seq {
            let found = format!("slice {} of {}", slice.seq, Stream::of(&slice));
            return self.refuse(|| format!("slice {seq} of {stream}: it says that it is {found}"));
        }
        match fleet.take(slice, now) {
            Ok(Taken::Again) => {}
            Ok(taken) => {
                self.new += 1;
                self.restarts += u64::from(taken == Taken::Restarted);
            }
            Err(why) => self.refuse(|| why.to_string()),
        }
    }

    fn refuse(&mut self, why: impl FnOnce() -> String) {
        self.refused += 1;
        if self.reasons.len() < TOLD {
            self.reasons.push(why());
        }
    }
}
