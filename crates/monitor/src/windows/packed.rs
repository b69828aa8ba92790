//! Counts in a few bytes: what a slice of the past, or everything up to a moment, is kept as.

use crate::code::LatencyCode;
use crate::series::{PARTS, Sums};

/// What a nibble cannot hold is `ESCAPE` there, and what is beyond follows as a varint.
const ESCAPE: u8 = 15;

/// Completed requests by latency code, ascending, and how many failed or were given up.
///
/// A code that occurred is one byte in most slices: a nibble for how far it lies from the one before, a nibble for
/// how often it occurred; a larger number is followed by what does not fit, seven bits a byte.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Packed {
    pub(super) sums: Sums,
    bytes: Box<[u8]>,
}

/// Packs counts, codes ascending.
#[derive(Debug, Default)]
pub(super) struct Packer {
    bytes: Vec<u8>,
    /// One past the last code.
    next: usize,
}

struct Unpacker<'a> {
    bytes: std::slice::Iter<'a, u8>,
    next: usize,
}

impl Packed {
    /// The codes that occurred, ascending, with their counts.
    pub(super) fn iter(&self) -> impl Iterator<Item = (usize, u64)> {
        Unpacker { bytes: self.bytes.iter(), next: 0 }
    }

    /// Octave by octave, as [`Series::completed`](crate::Series) gives it.
    pub(super) fn octaves(&self, mut each: impl FnMut(usize, &mut [u64; PARTS])) -> Sums {
        let (mut octave, mut counts) = (0, [0; PARTS]);
        for (code, count) in self.iter() {
            if code / PARTS != octave {
                each(octave, &mut counts);
                (octave, counts) = (code / PARTS, [0; PARTS]);
            }
            counts[code % PARTS] = count;
        }
        each(octave, &mut counts);
        self.sums
    }

    /// What was counted since `earlier`, an older reading of the same counters.
    pub(super) fn since(&self, earlier: &Self) -> Self {
        let mut packer = Packer::default();
        let mut before = earlier.iter().peekable();
        for (code, count) in self.iter() {
            let was = before.next_if(|was| was.0 == code).map_or(0, |was| was.1);
            packer.push(code, count.saturating_sub(was));
        }
        packer.finish(self.sums.since(earlier.sums))
    }

    /// Both together.
    pub(super) fn with(&self, other: &Self) -> Self {
        let mut packer = Packer::default();
        let mut others = other.iter().peekable();
        for (code, count) in self.iter() {
            while let Some((before, more)) = others.next_if(|other| other.0 < code) {
                packer.push(before, more);
            }
            let more = others.next_if(|other| other.0 == code).map_or(0, |other| other.1);
            packer.push(code, count + more);
        }
        others.for_each(|(code, count)| packer.push(code, count));
        packer.finish(self.sums.with(other.sums))
    }

    /// Requests of every outcome.
    pub(super) fn recorded(&self) -> u64 {
        self.iter().map(|(_, count)| count).sum::<u64>() + self.sums.cancelled
    }
}

impl Packer {
    #[inline]
    pub(super) fn push(&mut self, code: usize, count: u64) {
        if count == 0 {
            return;
        }
        let (gap, more) = ((code - self.next) as u64, count - 1);
        self.bytes.push((nibble(gap) << 4) | nibble(more));
        self.rest(gap);
        self.rest(more);
        self.next = code + 1;
    }

    pub(super) fn push_octave(&mut self, octave: usize, counts: &[u64; PARTS]) {
        for (part, &count) in counts.iter().enumerate() {
            self.push(octave * PARTS + part, count);
        }
    }

    pub(super) fn finish(self, sums: Sums) -> Packed {
        Packed { sums, bytes: self.bytes.into_boxed_slice() }
    }

    fn rest(&mut self, number: u64) {
        let Some(mut left) = number.checked_sub(u64::from(ESCAPE)) else { return };
        while left >= 0x80 {
            self.bytes.push(low_bits(left) | 0x80);
            left >>= 7;
        }
        self.bytes.push(low_bits(left));
    }
}

fn nibble(number: u64) -> u8 {
    u8::try_from(number).unwrap_or(ESCAPE).min(ESCAPE)
}

#[expect(clippy::cast_possible_truncation, reason = "seven bits are wanted")]
const fn low_bits(number: u64) -> u8 {
    number as u8 & 0x7f
}

impl Unpacker<'_> {
    fn number(&mut self, nibble: u8) -> Option<u64> {
        if nibble < ESCAPE {
            return Some(u64::from(nibble));
        }
        let (mut number, mut shift) = (0, 0);
        loop {
            let byte = *self.bytes.next()?;
            number |= u64::from(byte & 0x7f) << shift;
            if byte & 0x80 == 0 {
                return Some(number + u64::from(ESCAPE));
            }
            shift += 7;
        }
    }
}

impl Iterator for Unpacker<'_> {
    type Item = (usize, u64);

    #[inline]
    fn next(&mut self) -> Option<Self::Item> {
        let token = *self.bytes.next()?;
        let gap = self.number(token >> 4)?;
        let more = self.number(token & 0xf)?;
        let code = self.next + usize::try_from(gap).ok()?;
        debug_assert!(code < LatencyCode::COUNT, "{code} is no code");
        self.next = code + 1;
        Some((code, more + 1))
    }
}

#[cfg(test)]
mod tests {
    use proptest::collection::btree_map;
    use proptest::prelude::*;

    use super::*;

    fn packed(counts: impl IntoIterator<Item = (usize, u64)>) -> Packed {
        let mut packer = Packer::default();
        counts.into_iter().for_each(|(code, count)| packer.push(code, count));
        packer.finish(Sums::default())
    }

    fn count() -> impl Strategy<Value = u64> {
        prop_oneof![4 => 1u64..20, 2 => 1u64..100_000, 1 => 1u64..1 << 56]
    }

    #[test]
    fn five_hundred_requests_of_a_second_are_a_byte_for_each_code() {
        let second = packed((300..500).map(|code| (code, 1 + code as u64 % 5)));
        assert_eq!((second.recorded(), second.bytes.len()), (600, 200 + 2));
    }

    proptest! {
        #[test]
        fn what_is_packed_is_there_again(counts in btree_map(0..LatencyCode::COUNT, count(), 0..60)) {
            let packed = packed(counts.clone());
            prop_assert_eq!(packed.recorded(), counts.values().sum::<u64>());
            prop_assert_eq!(packed.iter().collect::<Vec<_>>(), counts.clone().into_iter().collect::<Vec<_>>());
            let mut again = Packer::default();
            packed.octaves(|octave, counts| again.push_octave(octave, counts));
            prop_assert_eq!(again.finish(Sums::default()), packed);
        }

        #[test]
        fn a_sum_is_both_and_a_difference_is_what_was_added(
            earlier in btree_map(0..LatencyCode::COUNT, count(), 0..60), added in btree_map(0..LatencyCode::COUNT, count(), 0..60)
        ) {
            let mut later = earlier.clone();
            for (&code, count) in &added {
                *later.entry(code).or_default() += count;
            }
            let (earlier, added, later) = (packed(earlier), packed(added), packed(later));
            prop_assert_eq!(&earlier.with(&added), &later);
            prop_assert_eq!(later.since(&earlier), added);
        }
    }
}
