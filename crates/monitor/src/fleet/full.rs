use std::fmt;
use std::time::Duration;

use super::name::{Instance, SeriesName};

/// Why a slice was not added. Nothing of it was counted, and the fleet is as it was.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum NotTaken {
    /// It ended before the fleet's horizon: whether it was counted long ago cannot be told any more.
    TooOld {
        /// Whose it is.
        instance: Instance,
        /// Which one.
        seq: u64,
        /// How long ago it ended.
        age: Duration,
        /// How far back the fleet remembers.
        horizon: Duration,
    },
    /// It ended in the future: the sender's clock and this one differ too much for common windows.
    Ahead {
        /// Whose clock it is.
        instance: Instance,
        /// By how much.
        by: Duration,
    },
    /// There are as many instances as the fleet may have.
    TooManyInstances {
        /// The one that found no room.
        instance: Instance,
        /// How many there may be, each restart counted.
        most: usize,
    },
    /// There are as many slices as the fleet may remember.
    TooManySlices {
        /// Who sent the one that found no room.
        instance: Instance,
        /// How many there may be within the horizon.
        most: usize,
    },
    /// There are as many series as the fleet may have.
    TooManySeries {
        /// Who sent it.
        instance: Instance,
        /// The first that found no room.
        series: SeriesName,
        /// How many there may be.
        most: usize,
    },
}

impl fmt::Display for NotTaken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::TooOld { instance, seq, age, horizon } => {
                write!(
                    f,
                    "slice {seq} of {instance} is {age:?} old, and {horizon:?} is as far as is remembered"
                )
            }
            Self::Ahead { instance, by } => write!(f, "the clock of {instance} is {by:?} ahead of this one"),
            Self::TooManyInstances { instance, most } => {
                write!(f, "there is no room for {instance}: {most} instances are the most")
            }
            Self::TooManySlices { instance, most } => write!(
                f,
                "there is no room for a slice of {instance}: {most} within the horizon are the most (longer slices need less)"
            ),
            Self::TooManySeries { instance, series, most } => {
                write!(f, "there is no room for {series}, sent by {instance}: {most} series are the most")
            }
        }
    }
}

impl std::error::Error for NotTaken {}
