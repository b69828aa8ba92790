//! What two members can do together.

use std::time::Duration;

use crate::{Capabilities, DrainSupport, Split, Weights};

/// Claims that both make, admissions that one makes.
pub(super) fn both(a: Capabilities, b: Capabilities) -> Capabilities {
    Capabilities {
        weights: weights(a.weights, b.weights),
        atomic: false,
        hold: a.hold && b.hold,
        pin: a.pin && b.pin,
        sticky: a.sticky && b.sticky,
        compare_and_set: a.compare_and_set && b.compare_and_set,
        fencing: a.fencing && b.fencing,
        read_back: a.read_back && b.read_back,
        drain: drain(a.drain, b.drain),
        keeps_state: a.keeps_state && b.keeps_state,
        resets_keepalive: a.resets_keepalive || b.resets_keepalive,
        kills_upgrades: a.kills_upgrades || b.kills_upgrades,
        acks_before_effect: a.acks_before_effect || b.acks_before_effect,
        stops_old: a.stops_old || b.stops_old,
        rollback_bound: one_after_the_other(a.rollback_bound, b.rollback_bound),
        observe_every: a.observe_every.max(b.observe_every),
    }
}

fn weights(a: Weights, b: Weights) -> Weights {
    match (a, b) {
        (Weights::AllOrNothing, _) | (_, Weights::AllOrNothing) => Weights::AllOrNothing,
        (Weights::Any { step: a }, Weights::Any { step: b }) => common_step(a.max(1), b.max(1)),
        (Weights::Stages { shares }, Weights::Any { step })
        | (Weights::Any { step }, Weights::Stages { shares }) => {
            let whole = |share: &u16| share.is_multiple_of(step.max(1)) && mirrored(*share, step);
            Weights::Stages { shares: shares.into_iter().filter(whole).collect() }
        }
        (Weights::Stages { shares: a }, Weights::Stages { shares: b }) => {
            Weights::Stages { shares: a.into_iter().filter(|share| b.contains(share)).collect() }
        }
    }
}

/// Whichever slot the newcomer is in, a stage must be a multiple of the step in green's share.
const fn mirrored(share: u16, step: u16) -> bool {
    Split::WHOLE.saturating_sub(share).is_multiple_of(if step == 0 { 1 } else { step })
}

/// The least common multiple, where there is a share of that size.
fn common_step(a: u16, b: u16) -> Weights {
    let step = u32::from(a) / u32::from(common_divisor(a, b)) * u32::from(b);
    match u16::try_from(step) {
        Ok(step) if step < Split::WHOLE => Weights::Any { step },
        _ => Weights::AllOrNothing,
    }
}

const fn common_divisor(a: u16, b: u16) -> u16 {
    if b == 0 { a } else { common_divisor(b, a % b) }
}

fn drain(a: DrainSupport, b: DrainSupport) -> DrainSupport {
    match (a, b) {
        (DrainSupport::None, _) | (_, DrainSupport::None) => DrainSupport::None,
        (DrainSupport::Counted, DrainSupport::Counted) => DrainSupport::Counted,
        (DrainSupport::Timed { bound }, DrainSupport::Counted)
        | (DrainSupport::Counted, DrainSupport::Timed { bound }) => DrainSupport::Timed { bound },
        (DrainSupport::Timed { bound: a }, DrainSupport::Timed { bound: b }) => {
            DrainSupport::Timed { bound: a.max(b) }
        }
    }
}

fn one_after_the_other(a: Option<Duration>, b: Option<Duration>) -> Option<Duration> {
    Some(a?.saturating_add(b?))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::{Mode, Route};

    fn any_weights() -> impl Strategy<Value = Weights> {
        prop_oneof![
            (0..=Split::WHOLE).prop_map(|step| Weights::Any { step }),
            proptest::collection::vec(0..=Split::WHOLE, 0..5).prop_map(|shares| Weights::Stages { shares }),
            Just(Weights::AllOrNothing),
        ]
    }

    proptest! {
        #[test]
        fn what_the_two_express_together_each_expresses_alone(
            a in any_weights(), b in any_weights(), bps in 0..=Split::WHOLE,
        ) {
            let together = both(Capabilities::new(a.clone()), Capabilities::new(b.clone()));
            let route = Route { split: Split::from_green_bps(bps).unwrap(), mode: Mode::Serve };
            if together.missing_for(&route).is_none() {
                prop_assert_eq!(Capabilities::new(a).missing_for(&route), None);
                prop_assert_eq!(Capabilities::new(b).missing_for(&route), None);
            }
        }
    }

    #[test]
    fn steps_meet_at_their_least_common_multiple() {
        let cases = [(100, 1, Some(100)), (40, 60, Some(120)), (0, 7, Some(7)), (4_999, 4_997, None)];
        for (a, b, step) in cases {
            let together = weights(Weights::Any { step: a }, Weights::Any { step: b });
            assert_eq!(together, step.map_or(Weights::AllOrNothing, |step| Weights::Any { step }));
        }
    }

    #[test]
    fn a_drain_is_as_sure_as_the_less_sure_of_the_two() {
        let timed = |secs| DrainSupport::Timed { bound: Duration::from_secs(secs) };
        assert_eq!(drain(DrainSupport::Counted, DrainSupport::Counted), DrainSupport::Counted);
        assert_eq!(drain(DrainSupport::Counted, timed(3)), timed(3));
        assert_eq!(drain(timed(3), timed(5)), timed(5));
        assert_eq!(drain(DrainSupport::None, timed(5)), DrainSupport::None);
    }
}
