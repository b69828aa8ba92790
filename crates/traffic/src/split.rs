use std::fmt;

use handover_core::Slot;
use serde::{Deserialize, Serialize};

/// How traffic is shared between the slots, in basis points (1/100 of a percent) to green.
///
/// Blue has the rest, so the two cannot fail to add up.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "u16", into = "u16")]
pub struct Split(u16);

/// A share above 100 %.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("{0} basis points is more than the whole ({whole})", whole = Split::WHOLE)]
pub struct SplitError(u16);

impl Split {
    /// 100 % in basis points.
    pub const WHOLE: u16 = 10_000;
    /// Everything to blue.
    pub const ALL_BLUE: Self = Self(0);
    /// Everything to green.
    pub const ALL_GREEN: Self = Self(Self::WHOLE);

    /// This many basis points to green.
    ///
    /// # Errors
    ///
    /// More than [`Split::WHOLE`].
    pub const fn from_green_bps(bps: u16) -> Result<Self, SplitError> {
        if bps > Self::WHOLE { Err(SplitError(bps)) } else { Ok(Self(bps)) }
    }

    /// This many basis points to `slot`, the rest to the other one.
    ///
    /// # Errors
    ///
    /// More than [`Split::WHOLE`].
    pub fn from_bps(slot: Slot, bps: u16) -> Result<Self, SplitError> {
        let share = Self::from_green_bps(bps)?;
        Ok(match slot {
            Slot::Green => share,
            Slot::Blue => Self(Self::WHOLE - share.0),
        })
    }

    /// Everything to `slot`.
    pub const fn all(slot: Slot) -> Self {
        match slot {
            Slot::Blue => Self::ALL_BLUE,
            Slot::Green => Self::ALL_GREEN,
        }
    }

    /// Green's share in basis points.
    pub const fn green_bps(self) -> u16 {
        self.0
    }

    /// The share of `slot` in basis points.
    pub const fn bps(self, slot: Slot) -> u16 {
        match slot {
            Slot::Blue => Self::WHOLE - self.0,
            Slot::Green => self.0,
        }
    }

    /// The slot that has everything, if one has.
    pub const fn sole(self) -> Option<Slot> {
        match self.0 {
            0 => Some(Slot::Blue),
            Self::WHOLE => Some(Slot::Green),
            _ => None,
        }
    }
}

impl TryFrom<u16> for Split {
    type Error = SplitError;

    fn try_from(bps: u16) -> Result<Self, SplitError> {
        Self::from_green_bps(bps)
    }
}

impl From<Split> for u16 {
    fn from(split: Split) -> Self {
        split.0
    }
}

impl fmt::Display for Split {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let percent = |bps: u16| f64::from(bps) / 100.0;
        write!(f, "blue {} % green {} %", percent(self.bps(Slot::Blue)), percent(self.0))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn the_two_shares_are_always_the_whole(bps in 0..=Split::WHOLE) {
            for slot in Slot::BOTH {
                let split = Split::from_bps(slot, bps).unwrap();
                prop_assert_eq!(split.bps(slot), bps);
                prop_assert_eq!(split.bps(slot) + split.bps(slot.other()), Split::WHOLE);
            }
        }
    }

    #[test]
    fn more_than_everything_is_refused_also_when_read_from_text() {
        assert_eq!(Split::from_green_bps(10_001), Err(SplitError(10_001)));
        assert!(serde_json::from_str::<Split>("10001").is_err());
    }
}
