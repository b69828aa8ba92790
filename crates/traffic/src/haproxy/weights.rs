//! Between a split and the weights of servers.

use handover_core::{BySlot, Slot};

use crate::Split;

/// Basis points that one step of weight is worth. HAProxy knows weights up to 256; 200 make steps of half a percent.
pub(super) const STEP: u16 = 50;

/// The weight that a slot has for each split.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Weighing(BySlot<u16>);

impl Weighing {
    /// What each server of a slot is to weigh.
    pub(super) fn of(split: Split) -> Self {
        Self(BySlot::from_fn(|slot| split.bps(slot) / STEP))
    }

    /// The slots in the order in which to write them: whoever gains first.
    pub(super) fn raised_first(self, now: BySlot<u32>) -> [(Slot, u16); 2] {
        let share = |slot: Slot| split(now).map_or(0, |split| split.bps(slot));
        let green_gains = u32::from(self.0[Slot::Green]) * u32::from(STEP) >= u32::from(share(Slot::Green));
        let first = if green_gains { Slot::Green } else { Slot::Blue };
        [first, first.other()].map(|slot| (slot, self.0[slot]))
    }
}

/// The split that these weights make; `None` where nobody has any.
pub(super) fn split(weights: BySlot<u32>) -> Option<Split> {
    let (green, all) = (u64::from(weights.green), u64::from(weights.green) + u64::from(weights.blue));
    // Rounded to the nearest, except that a little is never none.
    let bps = (green * u64::from(Split::WHOLE) + all / 2).checked_div(all)?;
    let (least, most) = (u64::from(green > 0), u64::from(Split::WHOLE) - u64::from(green < all));
    Split::from_green_bps(u16::try_from(bps.clamp(least, most)).ok()?).ok()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn at(blue: u32, green: u32) -> Option<u16> {
        split(BySlot { blue, green }).map(Split::green_bps)
    }

    #[test]
    fn weights_as_a_file_may_have_them_are_shares() {
        assert_eq!([at(1, 0), at(100, 100), at(180, 20), at(0, 7)], [0, 5_000, 1_000, 10_000].map(Some));
        assert_eq!(at(0, 0), None, "nobody gets anything");
        assert_eq!((at(100_000, 1), at(1, 100_000)), (Some(1), Some(9_999)), "a little is never none");
    }

    proptest! {
        #[test]
        fn each_share_that_can_be_expressed_is_read_back_exactly(step in 0..=200u16) {
            let wanted = Split::from_green_bps(step * STEP).unwrap();
            let Weighing(weights) = Weighing::of(wanted);
            prop_assert_eq!(split(weights.map(|_, weight| u32::from(weight))), Some(wanted));
        }

        #[test]
        fn at_no_moment_does_nobody_have_weight(from in 0..=200u16, to in 0..=200u16) {
            let of = |step: u16| Weighing::of(Split::from_green_bps(step * STEP).unwrap());
            let Weighing(old) = of(from);
            let mut now = old.map(|_, weight| u32::from(weight));
            for (slot, weight) in of(to).raised_first(now) {
                now[slot] = u32::from(weight);
                prop_assert!(split(now).is_some(), "{from} to {to}: {now:?}");
            }
        }
    }
}
