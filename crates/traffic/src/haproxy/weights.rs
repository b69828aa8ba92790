//! Between a split and the weights of servers.

use handover_core::{BySlot, Slot};

use crate::Split;

/// Basis points that one step of weight is worth. HAProxy knows weights up to 256; 200 make steps of half a percent.
pub(super) const STEP: u16 = 50;

/// What each server of a slot is to weigh.
fn wanted(split: Split) -> BySlot<u32> {
    BySlot::from_fn(|slot| u32::from(split.bps(slot) / STEP))
}

/// The weights to set, one after the other, so that each slot's share is at every moment between what it is `now` and what
/// it is to be; but for one step of weight, where the way is too narrow for whole numbers.
///
/// Mostly that is two: the newcomer is raised, then the other lowered. Where a change was left half-made, both may weigh
/// too much; to lower them one after the other would send users the wrong way meanwhile, so they take turns.
pub(super) fn way(now: BySlot<u32>, to: Split) -> Vec<(Slot, u32)> {
    let (goal, mut at, mut way) = (wanted(to), now, Vec::<(Slot, u32)>::new());
    let newcomer = newcomer(now, to);
    let between = |at: BySlot<u32>| at_most(now, at, newcomer) && at_most(at, goal, newcomer);
    while at != goal {
        let slot = next(at, goal, newcomer, way.last().map(|(slot, _)| *slot), between);
        at = closer(at, goal, slot);
        match way.last_mut() {
            Some((last, weight)) if *last == slot => *weight = at[slot],
            _ => way.push((slot, at[slot])),
        }
    }
    way
}

/// The slot whose share is to grow.
fn newcomer(now: BySlot<u32>, to: Split) -> Slot {
    let green = split(now).map_or(0, Split::green_bps);
    if to.green_bps() >= green { Slot::Green } else { Slot::Blue }
}

/// The slot whose weight is to take a step: the same again, else one that rises, where that keeps the share between. Where
/// neither does, the one that brings the share back.
fn next(
    at: BySlot<u32>,
    goal: BySlot<u32>,
    newcomer: Slot,
    last: Option<Slot>,
    between: impl Fn(BySlot<u32>) -> bool,
) -> Slot {
    let other = newcomer.other();
    let rising = [newcomer, other].into_iter().filter(|slot| at[*slot] < goal[*slot]);
    let falling = [other, newcomer].into_iter().filter(|slot| at[*slot] > goal[*slot]);
    let mut moves = last.into_iter().filter(|slot| at[*slot] != goal[*slot]).chain(rising).chain(falling);
    let too_low = at_most(at, goal, newcomer);
    let gives_newcomer = |slot: Slot| (slot == newcomer) == (at[slot] < goal[slot]);
    let back = moves.clone().find(|slot| gives_newcomer(*slot) == too_low);
    let any = back.or_else(|| moves.clone().next()).unwrap_or(newcomer);
    moves.find(|slot| between(closer(at, goal, *slot))).unwrap_or(any)
}

/// One step of weight nearer to the goal.
fn closer(mut at: BySlot<u32>, goal: BySlot<u32>, slot: Slot) -> BySlot<u32> {
    at[slot] = if at[slot] < goal[slot] { at[slot] + 1 } else { at[slot].saturating_sub(1) };
    at
}

/// Whether a slot's share under the one weights is at most that under the others.
fn at_most(one: BySlot<u32>, others: BySlot<u32>, slot: Slot) -> bool {
    let product = |a: u32, b: u32| u64::from(a) * u64::from(b);
    product(one[slot], others[slot.other()]) <= product(others[slot], one[slot.other()])
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

    fn pair(weights: BySlot<u32>) -> (u32, u32) {
        (weights.blue, weights.green)
    }

    fn told(blue: u32, green: u32, percent: u16) -> Vec<(Slot, u32)> {
        way(BySlot { blue, green }, Split::from_green_bps(percent * 100).unwrap())
    }

    #[test]
    fn the_newcomer_is_raised_and_then_the_other_lowered() {
        assert_eq!(told(200, 0, 10), [(Slot::Green, 20), (Slot::Blue, 180)]);
        assert_eq!(told(100, 100, 0), [(Slot::Blue, 200), (Slot::Green, 0)]);
        assert_eq!(told(200, 0, 0), []);
    }

    /// Found by fault schedules: whoever was to gain was lowered first, so that the share went the wrong way.
    #[test]
    fn where_a_half_made_change_left_both_too_heavy_they_take_turns() {
        let turns = told(200, 100, 10);
        assert_eq!(turns, [(Slot::Green, 23), (Slot::Blue, 180), (Slot::Green, 20)]);
        assert_eq!(told(200, 200, 1).first(), Some(&(Slot::Green, 3)));
    }

    proptest! {
        #[test]
        fn each_share_that_can_be_expressed_is_read_back_exactly(step in 0..=200u16) {
            let split_of = Split::from_green_bps(step * STEP).unwrap();
            prop_assert_eq!(split(wanted(split_of)), Some(split_of));
        }

        #[test]
        fn the_way_ends_at_its_goal_and_is_between_all_along_and_never_dark(
            blue in 0..=256u32, green in 0..=256u32, step in 0..=200u16,
        ) {
            prop_assume!(blue + green > 0);
            let (from, to) = (BySlot { blue, green }, Split::from_green_bps(step * STEP).unwrap());
            let bounds = [split(from).unwrap(), to].map(|it| i64::from(it.green_bps()));
            // One step of weight, where the way is too narrow.
            let slack = 10_000 / i64::from((blue + green).min(200)) + 1;
            let mut at = from;
            for (slot, weight) in way(from, to) {
                at[slot] = weight;
                let share = split(at).map(|it| i64::from(it.green_bps()));
                prop_assert!(share.is_some(), "dark at {:?}", pair(at));
                let (least, most) = (bounds[0].min(bounds[1]), bounds[0].max(bounds[1]));
                let share = share.unwrap();
                prop_assert!(least - slack <= share && share <= most + slack, "{share} at {:?}", pair(at));
            }
            prop_assert_eq!(pair(at), pair(wanted(to)));
        }
    }
}
