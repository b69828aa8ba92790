use std::collections::BTreeMap;
use std::ops::RangeInclusive;
use std::time::Duration;

use handover_core::Timestamp;

use super::full::NotTaken;
use super::name::Instance;
use super::seen::Seen;
use super::slice::Slice;
use super::sums::Sums;

/// How much a [`Fleet`] remembers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct FleetLimits {
    /// How far back windows reach, and how late a slice may come.
    pub horizon: Duration,
    /// How far ahead a sender's clock may be.
    pub ahead: Duration,
    /// How many instances there may be within the horizon, each restart counted.
    pub instances: usize,
    /// How many series there may be.
    pub series: usize,
    /// How many slices there may be within the horizon: seconds of it times instances, for slices of a second.
    pub slices: usize,
}

impl Default for FleetLimits {
    /// A quarter of an hour, a minute of difference between clocks, 1,024 instances, 4,096 series, 200,000 slices.
    fn default() -> Self {
        Self {
            horizon: Duration::from_mins(15),
            ahead: Duration::from_mins(1),
            instances: 1_024,
            series: 4_096,
            slices: 200_000,
        }
    }
}

/// What became of a slice.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Taken {
    /// It was added.
    New,
    /// It was added, and is the first of a new life of its instance.
    Restarted,
    /// It had been added before, and changed nothing.
    Again,
}

/// The slices of many instances, added up.
///
/// Slices may come in any order and more than once: what was added depends on which slices came, not on how. Windows
/// are cut by the senders' wall clocks, to whole slices; clocks that differ by a second shift a window by a second
/// for that instance. The sum since the beginning is exact whatever the clocks say.
#[derive(Debug, Clone, PartialEq)]
pub struct Fleet {
    limits: FleetLimits,
    sum: Sums,
    streams: BTreeMap<(Instance, u64), Stream>,
    recent: BTreeMap<(Timestamp, Instance, u64, u64), Sums>,
}

/// What came from one life of one instance.
#[derive(Debug, Clone, PartialEq, Default)]
struct Stream {
    seen: Seen,
    slices: u64,
    again: u64,
    ended: Timestamp,
}

/// What a fleet knows of one life of one instance.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StreamStatus {
    /// Which instance.
    pub instance: Instance,
    /// Which life of it.
    pub epoch: u64,
    /// Whether no later life is known.
    pub current: bool,
    /// The largest number of a slice that came.
    pub last: u64,
    /// When the newest slice ended, by the instance's clock.
    pub ended: Timestamp,
    /// How many slices were added.
    pub slices: u64,
    /// How many came once more than they should.
    pub again: u64,
    /// How many between the first and the last did not come.
    pub missing: u64,
    /// Which those are, as far as they are told apart.
    pub gaps: Vec<RangeInclusive<u64>>,
}

impl Fleet {
    /// Nothing yet.
    pub fn new(limits: FleetLimits) -> Self {
        Self { limits, sum: Sums::default(), streams: BTreeMap::new(), recent: BTreeMap::new() }
    }

    /// Adds a slice, once.
    ///
    /// # Errors
    ///
    /// [`NotTaken`] where the slice is beyond the horizon, from the future, or finds no room; then nothing of it was
    /// added.
    pub fn take(&mut self, slice: Slice, now: Timestamp) -> Result<Taken, NotTaken> {
        self.forget(now);
        self.check_time(&slice, now)?;
        self.check_room(&slice)?;
        let restarted = self.is_restart(&slice);
        let stream = self.streams.entry((slice.instance.clone(), slice.epoch)).or_default();
        if !stream.take(&slice) {
            return Ok(Taken::Again);
        }
        self.sum.merge(&slice.counted);
        self.recent.insert((slice.ended, slice.instance, slice.epoch, slice.seq), slice.counted);
        Ok(if restarted { Taken::Restarted } else { Taken::New })
    }

    /// Everything that was ever added.
    pub const fn sum(&self) -> &Sums {
        &self.sum
    }

    /// What was counted in slices that ended within the last so much time before `now`.
    pub fn window(&self, last: Duration, now: Timestamp) -> Sums {
        let mut window = Sums::default();
        let since = before(now, last);
        let recent = self.recent.iter().rev().take_while(|((ended, ..), _)| *ended > since);
        recent.for_each(|(_, counted)| window.merge(counted));
        window
    }

    /// What is known of each instance heard of within the horizon.
    pub fn streams(&self) -> Vec<StreamStatus> {
        let status = |((instance, epoch), stream): (&(Instance, u64), &Stream)| StreamStatus {
            instance: instance.clone(),
            epoch: *epoch,
            current: !self.has_later(instance, *epoch),
            last: stream.seen.last(),
            ended: stream.ended,
            slices: stream.slices,
            again: stream.again,
            missing: stream.seen.missing(),
            gaps: stream.seen.gaps(),
        };
        self.streams.iter().map(status).collect()
    }

    /// Lets go of what the horizon has passed. A slice of a stream that is forgotten would itself be too old.
    fn forget(&mut self, now: Timestamp) {
        let since = before(now, self.limits.horizon);
        while self.recent.first_key_value().is_some_and(|((ended, ..), _)| *ended < since) {
            self.recent.pop_first();
        }
        self.streams.retain(|_, stream| stream.ended >= since);
    }

    fn check_time(&self, slice: &Slice, now: Timestamp) -> Result<(), NotTaken> {
        let (age, by) = (now.since(slice.ended), slice.ended.since(now));
        let (instance, horizon) = (slice.instance.clone(), self.limits.horizon);
        if age > horizon {
            return Err(NotTaken::TooOld { instance, seq: slice.seq, age, horizon });
        }
        if by > self.limits.ahead { Err(NotTaken::Ahead { instance, by }) } else { Ok(()) }
    }

    fn check_room(&self, slice: &Slice) -> Result<(), NotTaken> {
        let (instance, most) = (slice.instance.clone(), self.limits.instances);
        let known = self.streams.contains_key(&(slice.instance.clone(), slice.epoch));
        if !known && self.streams.len() >= most {
            return Err(NotTaken::TooManyInstances { instance, most });
        }
        let most = self.limits.slices;
        if self.recent.len() >= most && !self.has_seen(slice) {
            return Err(NotTaken::TooManySlices { instance, most });
        }
        let most = self.limits.series;
        let mut unknown = slice.counted.iter().filter(|(name, _)| self.sum.get(name).is_none());
        match unknown.nth(most.saturating_sub(self.sum.len())) {
            Some((series, _)) => Err(NotTaken::TooManySeries { instance, series: series.clone(), most }),
            None => Ok(()),
        }
    }

    fn has_seen(&self, slice: &Slice) -> bool {
        let stream = self.streams.get(&(slice.instance.clone(), slice.epoch));
        stream.is_some_and(|stream| stream.seen.contains(slice.seq))
    }

    fn is_restart(&self, slice: &Slice) -> bool {
        let known = self.lives(&slice.instance);
        !known.is_empty() && known.iter().all(|&epoch| epoch < slice.epoch)
    }

    fn has_later(&self, instance: &Instance, epoch: u64) -> bool {
        self.lives(instance).iter().any(|&other| other > epoch)
    }

    fn lives(&self, instance: &Instance) -> Vec<u64> {
        let all = (instance.clone(), 0)..=(instance.clone(), u64::MAX);
        self.streams.range(all).map(|((_, epoch), _)| *epoch).collect()
    }
}

impl Default for Fleet {
    fn default() -> Self {
        Self::new(FleetLimits::default())
    }
}

impl Stream {
    fn take(&mut self, slice: &Slice) -> bool {
        let new = self.seen.insert(slice.seq);
        *(if new { &mut self.slices } else { &mut self.again }) += 1;
        self.ended = self.ended.max(slice.ended);
        new
    }
}

fn before(now: Timestamp, last: Duration) -> Timestamp {
    let last = u64::try_from(last.as_millis()).unwrap_or(u64::MAX);
    Timestamp::from_unix_millis(now.unix_millis().saturating_sub(last))
}
