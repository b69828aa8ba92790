use std::fmt;
use std::time::Duration;

use handover_core::Slot;
use serde::{Deserialize, Serialize};

use crate::{Mode, Route, Split};

/// Which splits a backend can express.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "kind")]
pub enum Weights {
    /// Any multiple of `step` basis points.
    Any {
        /// The granularity, at least 1.
        step: u16,
    },
    /// Only these shares of the newcomer, fixed before the rollout begins; each is reached from a lower one.
    Stages {
        /// The newcomer's share at each stage, ascending, whichever slot it is in.
        shares: Vec<u16>,
    },
    /// All to one slot or all to the other.
    AllOrNothing,
}

/// How a backend knows that a slot is idle.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "kind")]
pub enum DrainSupport {
    /// It counts what is in flight.
    Counted,
    /// It only promises a bound.
    Timed {
        /// After this long nothing is left.
        bound: Duration,
    },
    /// It knows nothing; the plan states a soak instead.
    None,
}

/// Something a route may need of a backend.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Feature {
    /// This split.
    Weight(Split),
    /// Requests waiting at the backend.
    Hold,
}

impl fmt::Display for Feature {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Weight(split) => write!(f, "the split {split}"),
            Self::Hold => f.write_str("holding requests"),
        }
    }
}

/// What a backend can express: data, asked before acting.
///
/// Build it with [`Capabilities::new`] and the `with_*` methods; everything not claimed is absent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
#[expect(
    clippy::struct_excessive_bools,
    reason = "independent claims, each asked by name; no state machine hides here"
)]
pub struct Capabilities {
    /// Which splits can be expressed.
    pub weights: Weights,
    /// A change is in force at one instant, or not at all.
    pub atomic: bool,
    /// Requests can be kept waiting.
    pub hold: bool,
    /// A request can name its slot, whatever the split.
    pub pin: bool,
    /// A user stays on the slot first seen.
    pub sticky: bool,
    /// `Change::expected` is honoured.
    pub compare_and_set: bool,
    /// `Change::fence` is honoured; without it the lease is checked before each call, best effort.
    pub fencing: bool,
    /// `observe` reads what is in force, not what was asked for.
    pub read_back: bool,
    /// How a drain is known to be done.
    pub drain: DrainSupport,
    /// The route survives a restart of the backend.
    pub keeps_state: bool,
    /// A change closes idle keep-alive connections.
    pub resets_keepalive: bool,
    /// A change closes upgraded connections.
    pub kills_upgrades: bool,
    /// A change is acknowledged before it is in force everywhere.
    pub acks_before_effect: bool,
    /// The backend stops the old release by itself.
    pub stops_old: bool,
    /// How long taking everything back to one slot may last, where known.
    pub rollback_bound: Option<Duration>,
    /// How often the route may be read while nothing but a change of somebody else's is watched for; a platform with a
    /// quota is asked less.
    pub observe_every: Duration,
}

/// Soon enough for a person, and nothing for a backend on the same network.
pub(crate) const OBSERVE_EVERY: Duration = Duration::from_secs(1);

impl Capabilities {
    /// A backend of these weights that claims nothing else.
    pub const fn new(weights: Weights) -> Self {
        Self {
            weights,
            atomic: false,
            hold: false,
            pin: false,
            sticky: false,
            compare_and_set: false,
            fencing: false,
            read_back: false,
            drain: DrainSupport::None,
            keeps_state: false,
            resets_keepalive: false,
            kills_upgrades: false,
            acks_before_effect: false,
            stops_old: false,
            rollback_bound: None,
            observe_every: OBSERVE_EVERY,
        }
    }

    /// The first thing `route` needs that is not claimed, if any.
    pub fn missing_for(&self, route: &Route) -> Option<Feature> {
        if matches!(route.mode, Mode::Hold { .. }) && !self.hold {
            return Some(Feature::Hold);
        }
        (!self.expresses(route.split)).then_some(Feature::Weight(route.split))
    }

    /// Whether a newcomer can be given `bps` of the traffic; unlike a split, this knows who the newcomer is.
    pub fn gives_newcomer(&self, bps: u16) -> bool {
        match &self.weights {
            Weights::Stages { shares } => bps == Split::WHOLE || shares.contains(&bps),
            Weights::Any { .. } | Weights::AllOrNothing => {
                Split::from_green_bps(bps).is_ok_and(|split| self.expresses(split))
            }
        }
    }

    fn expresses(&self, split: Split) -> bool {
        let [green, blue] = [Slot::Green, Slot::Blue].map(|slot| split.bps(slot));
        // Everything to one slot is what every backend is for.
        split.sole().is_some()
            || match &self.weights {
                Weights::Any { step } => green.is_multiple_of((*step).max(1)),
                Weights::Stages { shares } => shares.contains(&green) || shares.contains(&blue),
                Weights::AllOrNothing => false,
            }
    }
}

macro_rules! claims {
    ($($(#[$doc:meta])* $with:ident => $field:ident),* $(,)?) => {
        impl Capabilities {
            $($(#[$doc])*
            #[must_use]
            pub const fn $with(mut self) -> Self {
                self.$field = true;
                self
            })*
        }
    };
}

claims! {
    /// Claims [`Capabilities::atomic`].
    with_atomic => atomic,
    /// Claims [`Capabilities::hold`].
    with_hold => hold,
    /// Claims [`Capabilities::pin`].
    with_pin => pin,
    /// Claims [`Capabilities::sticky`].
    with_sticky => sticky,
    /// Claims [`Capabilities::compare_and_set`].
    with_compare_and_set => compare_and_set,
    /// Claims [`Capabilities::fencing`].
    with_fencing => fencing,
    /// Claims [`Capabilities::read_back`].
    with_read_back => read_back,
    /// Claims [`Capabilities::keeps_state`].
    with_kept_state => keeps_state,
    /// Admits [`Capabilities::resets_keepalive`].
    with_keepalive_resets => resets_keepalive,
    /// Admits [`Capabilities::kills_upgrades`].
    with_killed_upgrades => kills_upgrades,
    /// Admits [`Capabilities::acks_before_effect`].
    with_early_acks => acks_before_effect,
    /// Admits [`Capabilities::stops_old`].
    with_old_stopped => stops_old,
}

impl Capabilities {
    /// Claims this way of draining.
    #[must_use]
    pub const fn with_drain(mut self, drain: DrainSupport) -> Self {
        self.drain = drain;
        self
    }

    /// Asks to be read no more often than this by who only watches.
    #[must_use]
    pub const fn with_observe_every(mut self, period: Duration) -> Self {
        self.observe_every = period;
        self
    }

    /// States how long going back to one slot may last.
    #[must_use]
    pub const fn with_rollback_bound(mut self, bound: Duration) -> Self {
        self.rollback_bound = Some(bound);
        self
    }
}

#[cfg(test)]
mod tests {
    use handover_core::Timestamp;

    use super::*;

    fn missing(can: &Capabilities, bps: u16) -> Option<Feature> {
        can.missing_for(&Route::serve(Split::from_green_bps(bps).unwrap()))
    }

    #[test]
    fn all_to_one_slot_is_expressed_by_every_backend() {
        let nothing = Weights::Stages { shares: vec![] };
        for weights in [Weights::Any { step: 7 }, Weights::AllOrNothing, nothing] {
            let can = Capabilities::new(weights);
            assert_eq!((missing(&can, 0), missing(&can, Split::WHOLE)), (None, None), "{can:?}");
        }
    }

    #[test]
    fn a_share_between_is_expressed_only_where_it_is_claimed_exactly() {
        let cases = [
            (Weights::Any { step: 100 }, 1_000, true),
            (Weights::Any { step: 100 }, 1_050, false),
            (Weights::Any { step: 0 }, 1, true),
            (Weights::Stages { shares: vec![500, 5_000] }, 5_000, true),
            (Weights::Stages { shares: vec![500, 5_000] }, 9_500, true),
            (Weights::Stages { shares: vec![500, 5_000] }, 1_000, false),
            (Weights::AllOrNothing, 5_000, false),
        ];
        for (weights, bps, expressed) in cases {
            let can = Capabilities::new(weights);
            assert_eq!(missing(&can, bps).is_none(), expressed, "{bps} with {can:?}");
        }
    }

    #[test]
    fn a_stage_is_the_newcomers_and_not_the_old_releases() {
        let can = Capabilities::new(Weights::Stages { shares: vec![1_000, 5_000] });
        let given = [1_000, 5_000, 9_000, Split::WHOLE].map(|bps| can.gives_newcomer(bps));
        assert_eq!(given, [true, true, false, true]);
    }

    #[test]
    fn a_hold_needs_the_claim() {
        let hold = Route::hold(Split::ALL_BLUE, Timestamp::from_unix_millis(1));
        let can = Capabilities::new(Weights::AllOrNothing);
        assert_eq!(can.missing_for(&hold), Some(Feature::Hold));
        assert_eq!(can.with_hold().missing_for(&hold), None);
    }
}
