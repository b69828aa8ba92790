use std::fmt;
use std::time::Duration;

use handover_core::Timestamp;

use super::super::name::Instance;
use super::super::slice::Slice;

/// One life of one instance, as the field of the hash that names it: `web-1/1700000000000`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Stream {
    pub(super) instance: Instance,
    pub(super) epoch: u64,
}

/// How far a stream has come, as the hash says it: `17 1700000017000`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Head {
    pub(super) seq: u64,
    pub(super) ended: Timestamp,
}

impl Stream {
    pub(super) fn of(slice: &Slice) -> Self {
        Self { instance: slice.instance.clone(), epoch: slice.epoch }
    }

    pub(super) fn read(field: &str) -> Option<Self> {
        let (instance, epoch) = field.split_once('/')?;
        Some(Self { instance: instance.parse().ok()?, epoch: epoch.parse().ok()? })
    }
}

impl Head {
    pub(super) const fn of(slice: &Slice) -> Self {
        Self { seq: slice.seq, ended: slice.ended }
    }

    pub(super) fn read(value: &str) -> Option<Self> {
        let (seq, ended) = value.split_once(' ')?;
        Some(Self { seq: seq.parse().ok()?, ended: Timestamp::from_unix_millis(ended.parse().ok()?) })
    }
}

impl fmt::Display for Stream {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.instance, self.epoch)
    }
}

impl fmt::Display for Head {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.seq, self.ended.unix_millis())
    }
}

pub(super) fn slice(prefix: &str, stream: &Stream, seq: u64) -> String {
    format!("{prefix}:slice:{stream}/{seq}")
}

pub(super) fn streams(prefix: &str) -> String {
    format!("{prefix}:streams")
}

pub(super) fn millis(duration: Duration) -> u64 {
    u64::try_from(duration.as_millis()).unwrap_or(u64::MAX).clamp(1, i64::MAX.cast_unsigned() / 4)
}
