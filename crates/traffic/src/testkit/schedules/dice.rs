use std::time::Duration;

use crate::layers::Mishap;

/// Chance that can be repeated: `SplitMix64`, of which a seed of any quality is good enough.
#[derive(Debug)]
pub(super) struct Dice(u64);

impl Dice {
    pub(super) const fn new(seed: u64) -> Self {
        Self(seed)
    }

    /// Any number.
    pub(super) fn roll(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ (mixed >> 31)
    }

    /// A number below `sides`, which is not zero.
    pub(super) fn below(&mut self, sides: usize) -> usize {
        let sides = u64::try_from(sides).unwrap_or(u64::MAX).max(1);
        usize::try_from(self.roll() % sides).unwrap_or(0)
    }

    /// True so often in a hundred.
    pub(super) fn chance(&mut self, percent: usize) -> bool {
        self.below(100) < percent
    }

    pub(super) fn pick<T: Copy>(&mut self, from: &[T]) -> Option<T> {
        from.get(self.below(from.len())).copied()
    }

    /// Any mishap, or none as often as one.
    pub(super) fn mishap(&mut self) -> Option<Mishap> {
        let wait = Duration::from_millis(1 + self.roll() % 20);
        let all = [
            Mishap::LostAck,
            Mishap::LostRequest,
            Mishap::ResetBefore,
            Mishap::ResetAfter,
            Mishap::Reorder,
            Mishap::Partial,
            Mishap::Refused,
            Mishap::Throttled(wait),
            Mishap::Delay(wait),
            Mishap::LateAck(wait),
        ];
        if self.chance(50) { None } else { self.pick(&all) }
    }
}
