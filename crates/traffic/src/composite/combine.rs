//! What several say, as one.

use handover_core::{BySlot, Slot, Timestamp};

use crate::{Drained, InFlight, Mode, Observed, Revision, Route, Split};

/// What each member observed, in order.
#[derive(Debug)]
pub(super) struct Members(pub(super) Vec<Observed>);

impl Members {
    pub(super) fn as_one(&self) -> Observed {
        let last = self.0.iter().map(|member| member.last_op.clone());
        Observed {
            route: self.route(),
            revision: revision(self.0.iter()),
            last_op: all_alike(last).flatten(),
            fence: self.0.iter().filter_map(|member| member.fence).max(),
            in_flight: self.sum(
                |member| member.in_flight,
                |a, b| InFlight {
                    requests: a.requests + b.requests,
                    streams: a.streams + b.streams,
                    upgrades: a.upgrades + b.upgrades,
                },
            ),
            served: self.sum(|member| member.served, |a, b| a + b),
            moving: self.0.iter().any(|member| member.moving),
        }
    }

    /// Where all agree, that; else the middle, rounded towards the last member, which is moved last.
    fn route(&self) -> Route {
        Route { mode: self.mode(), split: self.split() }
    }

    /// Where some hold and some serve, a user may have to wait: a hold, a moment shorter than any that was asked for, so
    /// that it is not taken for one that is wholly in force.
    fn mode(&self) -> Mode {
        let holds = || self.0.iter().map(|member| member.route.mode).filter(|mode| *mode != Mode::Serve);
        let latest = holds().filter_map(|mode| match mode {
            Mode::Hold { until } => Some(until),
            Mode::Serve => None,
        });
        match latest.max() {
            Some(until) if holds().count() < self.0.len() => {
                Mode::Hold { until: Timestamp::from_unix_millis(until.unix_millis().saturating_sub(1)) }
            }
            _ => self.0.last().map_or(Mode::Serve, |last| last.route.mode),
        }
    }

    fn split(&self) -> Split {
        let Some(last) = self.0.last().map(|member| member.route.split) else {
            return Split::ALL_BLUE;
        };
        let shares = self.0.iter().map(|member| u64::from(member.route.split.green_bps()));
        let (count, sum) = (self.0.len() as u64, shares.sum::<u64>());
        let below = sum / count;
        let up = !sum.is_multiple_of(count) && u64::from(last.green_bps()) > below;
        let middle = u16::try_from(below + u64::from(up)).unwrap_or(Split::WHOLE);
        Split::from_green_bps(middle).unwrap_or(last)
    }

    /// What all count, added up; `None` where one does not count.
    fn sum<T: Copy>(
        &self,
        count: impl Fn(&Observed) -> Option<BySlot<T>>,
        add: impl Fn(T, T) -> T,
    ) -> Option<BySlot<T>> {
        let counts: Option<Vec<BySlot<T>>> = self.0.iter().map(count).collect();
        let plus = |a: BySlot<T>, b: BySlot<T>| BySlot {
            blue: add(a[Slot::Blue], b[Slot::Blue]),
            green: add(a[Slot::Green], b[Slot::Green]),
        };
        counts?.into_iter().reduce(plus)
    }
}

/// Each only grows, so an equal sum means that none has moved.
pub(super) fn revision<'a>(members: impl Iterator<Item = &'a Observed>) -> Revision {
    Revision::new(members.fold(0, |sum, member| sum.wrapping_add(member.revision.get())))
}

fn all_alike<T: PartialEq>(mut all: impl Iterator<Item = T>) -> Option<T> {
    let first = all.next()?;
    all.all(|other| other == first).then_some(first)
}

/// Clean only if all are; what is left anywhere is left.
pub(super) fn drained(all: &[Drained]) -> Drained {
    let (mut left, mut assumed, mut longest) = (None::<[u64; 3]>, false, std::time::Duration::ZERO);
    for drained in all {
        match *drained {
            Drained::Clean { waited } => longest = longest.max(waited),
            Drained::Assumed { waited } => (assumed, longest) = (true, longest.max(waited)),
            Drained::TimedOut { requests, streams, upgrades } => {
                let [r, s, u] = left.unwrap_or_default();
                left = Some([r + requests, s + streams, u + upgrades]);
            }
        }
    }
    match (left, assumed) {
        (Some([requests, streams, upgrades]), _) => Drained::TimedOut { requests, streams, upgrades },
        (None, true) => Drained::Assumed { waited: longest },
        (None, false) => Drained::Clean { waited: longest },
    }
}
