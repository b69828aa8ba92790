//! Durations as small numbers.
//!
//! Log-linear: each power of two is cut into 64 equal parts, so a code is a shift and a mask away from the duration
//! and adding two histograms is adding numbers. Latency lies between a microsecond and two minutes; over that range
//! fixed codes are as small as any adaptive sketch, and merge exactly.

use std::time::Duration;

use serde::{Deserialize, Serialize};

/// Bits of a value that survive: 2^6 parts per power of two.
const BITS: u32 = 6;
const PARTS: u64 = 1 << BITS;
/// A unit is 2^10 ns, so that no division is needed.
const UNIT_BITS: u32 = 10;
/// Later ones have the last code, and within this one no code is past it.
const LAST_SECOND: u64 = 136;
/// How many keys there are.
pub(crate) const KEYS: usize = 1 << (5 + BITS);
/// The key of code 0: what a float's exponent gives the octave before the one that begins at 64 units.
pub(crate) const FIRST_KEY: usize = ((1_023 + (BITS + UNIT_BITS) as usize - 1) << BITS) % KEYS;

/// A duration to within 1 part in 128, as one of 1,408 codes.
///
/// From 66 us (64 units of 1.024 us) to 137 s, [`value`](Self::value) lies within 2^-7 (0.79 %) of every duration with
/// that code; below, within 0.52 us; above, all durations share [`LatencyCode::LAST`], whose upper bound is open.
/// A longer duration never has a smaller code.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "u16", into = "u16")]
pub struct LatencyCode(u16);

/// The key of everything that is too long; out of the request path's way.
#[cold]
#[inline(never)]
const fn beyond() -> usize {
    (FIRST_KEY + LatencyCode::LAST.0 as usize) % KEYS
}

/// A number that is no code.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NoSuchCode(u16);

impl LatencyCode {
    /// How many codes there are.
    pub const COUNT: usize = 1_408;
    /// How many codes cut a power of two.
    pub(crate) const PER_OCTAVE: usize = 64;
    /// The code of everything from 136 s up.
    pub const LAST: Self = Self(1_407);

    /// The code of a duration.
    #[inline]
    pub const fn of(duration: Duration) -> Self {
        #[expect(clippy::cast_possible_truncation, reason = "11 bits")]
        Self(Self::key(duration).wrapping_sub(FIRST_KEY) as u16 % KEYS as u16)
    }

    /// Which of 2,048 places a duration has, for the request path: its code and a constant, modulo 2,048. The lower
    /// six bits are the part of the power of two, the upper five the power.
    ///
    /// Exponent and upper mantissa of a float *are* a log-linear code, and converting is cheaper than looking for the
    /// highest bit, which a build for every x86-64 cannot do in one step.
    #[inline]
    pub(crate) const fn key(duration: Duration) -> usize {
        if duration.as_secs() > LAST_SECOND {
            return beyond();
        }
        let nanos = duration.as_secs() * 1_000_000_000 + duration.subsec_nanos() as u64;
        let key = if nanos >= PARTS << UNIT_BITS {
            #[expect(clippy::cast_possible_wrap, clippy::cast_precision_loss, reason = "below 2^38: exact")]
            let float = nanos as i64 as f64;
            float.to_bits() >> (52 - BITS)
        } else {
            FIRST_KEY as u64 + (nanos >> UNIT_BITS)
        };
        #[expect(clippy::cast_possible_truncation, reason = "11 bits")]
        let key = key as usize % KEYS;
        key
    }

    /// The shortest duration with this code.
    pub const fn low(self) -> Duration {
        Duration::from_nanos(self.low_units() << UNIT_BITS)
    }

    /// The shortest duration beyond this code; [`Duration::MAX`] for [`LatencyCode::LAST`].
    pub const fn high(self) -> Duration {
        if self.0 == Self::LAST.0 {
            return Duration::MAX;
        }
        Duration::from_nanos((self.low_units() + self.width()) << UNIT_BITS)
    }

    /// The middle of the code: what a sample is taken to have been.
    pub const fn value(self) -> Duration {
        let half = self.width() << (UNIT_BITS - 1);
        Duration::from_nanos((self.low_units() << UNIT_BITS) + half)
    }

    /// The code as an index below [`LatencyCode::COUNT`].
    pub const fn index(self) -> usize {
        self.0 as usize
    }

    /// The codes of a power of two, ascending.
    pub(crate) fn of_octave(octave: usize) -> impl Iterator<Item = Self> {
        debug_assert!(octave < Self::COUNT / Self::PER_OCTAVE, "there is no octave {octave}");
        let first = octave * Self::PER_OCTAVE;
        #[expect(clippy::cast_possible_truncation, reason = "below 1,408")]
        let codes = first as u16..(first + Self::PER_OCTAVE) as u16;
        codes.map(Self)
    }

    /// The code with this index.
    pub(crate) fn from_index(index: usize) -> Option<Self> {
        u16::try_from(index).ok().and_then(|raw| Self::try_from(raw).ok())
    }

    const fn shift(self) -> u32 {
        (self.0 as u32 >> BITS).saturating_sub(1)
    }

    const fn low_units(self) -> u64 {
        if (self.0 as u64) < PARTS {
            return self.0 as u64;
        }
        (PARTS + self.0 as u64 % PARTS) << self.shift()
    }

    const fn width(self) -> u64 {
        1 << self.shift()
    }
}

impl TryFrom<u16> for LatencyCode {
    type Error = NoSuchCode;

    fn try_from(raw: u16) -> Result<Self, NoSuchCode> {
        if raw > Self::LAST.0 { Err(NoSuchCode(raw)) } else { Ok(Self(raw)) }
    }
}

impl From<LatencyCode> for u16 {
    fn from(code: LatencyCode) -> u16 {
        code.0
    }
}

impl std::fmt::Display for NoSuchCode {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} is no latency code (they end at {})", self.0, LatencyCode::LAST.0)
    }
}

impl std::error::Error for NoSuchCode {}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn codes_tile_the_range_without_gap_or_overlap() {
        for raw in 0..LatencyCode::LAST.0 {
            let (this, next) = (LatencyCode(raw), LatencyCode(raw + 1));
            assert_eq!(this.high(), next.low(), "code {raw}");
            assert_eq!(LatencyCode::of(this.low()), this);
            assert_eq!(LatencyCode::of(next.low().saturating_sub(Duration::from_nanos(1))), this);
        }
        assert_eq!(LatencyCode::of(Duration::MAX), LatencyCode::LAST);
        assert_eq!(LatencyCode::of(Duration::ZERO), LatencyCode(0));
    }

    #[test]
    fn the_range_ends_where_the_documentation_says() {
        assert_eq!(LatencyCode::LAST.low(), Duration::from_nanos(((1 << 27) - (1 << 20)) * 1_024));
        assert_eq!(LatencyCode::LAST.low().as_secs(), 136);
        assert_eq!(LatencyCode::from_index(LatencyCode::COUNT), None);
    }

    proptest! {
        #[test]
        fn a_longer_duration_never_has_a_smaller_code(a in 0u64..200_000_000_000, b in 0u64..200_000_000_000) {
            let (short, long) = (a.min(b), a.max(b));
            prop_assert!(LatencyCode::of(Duration::from_nanos(short)) <= LatencyCode::of(Duration::from_nanos(long)));
        }

        #[test]
        fn the_value_is_within_the_stated_bound(bits in 16u32..37, part in 0u64..u64::MAX) {
            let nanos = (1u64 << bits) + part % (1 << bits);
            let error = LatencyCode::of(Duration::from_nanos(nanos)).value().as_nanos().abs_diff(u128::from(nanos));
            prop_assert!(error * 128 <= u128::from(nanos), "{nanos} ns is off by {error} ns");
        }

        #[test]
        fn short_durations_are_within_half_a_unit(nanos in 0u64..65_536) {
            let error = LatencyCode::of(Duration::from_nanos(nanos)).value().as_nanos().abs_diff(u128::from(nanos));
            prop_assert!(error <= 512, "{nanos} ns is off by {error} ns");
        }
    }
}
