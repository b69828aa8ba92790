use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use handover_core::Clock;

use super::name::{Instance, SeriesName};
use super::slice::Slice;
use super::sums::Sums;
use crate::series::Totals;

/// Cuts the counters of this process into slices.
///
/// Its epoch is the wall clock at its start, in milliseconds. Counters only grow, so a slice that is cut late is
/// longer and nothing is lost between two.
#[derive(Debug)]
pub struct Slicer {
    clock: Arc<dyn Clock>,
    instance: Instance,
    epoch: u64,
    seq: u64,
    cut_at: Duration,
    last: BTreeMap<SeriesName, Totals>,
}

impl Slicer {
    /// Begins an epoch; what the counters hold at the first cut goes into the first slice.
    pub fn new(clock: Arc<dyn Clock>, instance: Instance) -> Self {
        let (epoch, cut_at) = (clock.wall().unix_millis(), clock.now());
        Self { clock, instance, epoch, seq: 0, cut_at, last: BTreeMap::new() }
    }

    /// Closes a slice: `readings` are the counters of every series as they are now.
    ///
    /// Several readings of one name, of a registry with a series per thread or per port say, are added up.
    pub fn cut(&mut self, readings: impl IntoIterator<Item = (SeriesName, Totals)>) -> Slice {
        let now: Sums = readings.into_iter().collect();
        let counted =
            now.iter().map(|(name, totals)| (name.clone(), self.since_last(name, totals))).collect();
        self.last = now.iter().map(|(name, totals)| (name.clone(), totals.clone())).collect();
        self.seq += 1;
        let lasted = self.clock.now().saturating_sub(self.cut_at);
        self.cut_at += lasted;
        let (instance, ended) = (self.instance.clone(), self.clock.wall());
        Slice { instance, epoch: self.epoch, seq: self.seq, ended, lasted, counted }
    }

    fn since_last(&self, name: &SeriesName, now: &Totals) -> Totals {
        self.last.get(name).map_or_else(|| now.clone(), |last| now.since(last))
    }
}

#[cfg(test)]
mod tests {
    use handover_core::ManualClock;

    use super::*;
    use crate::Outcome;

    fn name(endpoint: &str) -> SeriesName {
        SeriesName::new("v1".parse().unwrap(), endpoint.parse().unwrap())
    }

    fn totals(count: u64, outcome: Outcome) -> Totals {
        let mut totals = Totals::default();
        let row = match outcome {
            Outcome::Ok => &mut totals.ok,
            Outcome::Error => &mut totals.errors,
            Outcome::Cancelled => &mut totals.cancelled,
        };
        (0..count).for_each(|_| row.add(Duration::from_millis(7)));
        totals
    }

    #[test]
    fn a_slice_holds_what_came_since_the_one_before_and_leaves_out_what_did_not() {
        let clock = Arc::new(ManualClock::new());
        clock.advance(Duration::from_secs(40));
        let mut slicer = Slicer::new(clock.clone(), "web-1".parse().unwrap());
        clock.advance(Duration::from_secs(1));
        let first = slicer.cut([(name("a"), totals(3, Outcome::Ok)), (name("b"), totals(1, Outcome::Error))]);
        assert_eq!((first.epoch, first.seq, first.lasted.as_secs(), first.counted.len()), (40_000, 1, 1, 2));
        assert_eq!(first.ended.unix_millis(), 41_000);
        clock.advance(Duration::from_secs(3));
        let second =
            slicer.cut([(name("a"), totals(5, Outcome::Ok)), (name("b"), totals(1, Outcome::Error))]);
        assert_eq!((second.seq, second.lasted.as_secs(), second.counted.len()), (2, 3, 1));
        assert_eq!(second.counted.get(&name("a")), Some(&totals(2, Outcome::Ok)));
        assert!(slicer.cut([(name("a"), totals(5, Outcome::Ok))]).counted.is_empty());
    }

    #[test]
    fn readings_of_one_name_are_added_up() {
        let mut slicer = Slicer::new(Arc::new(ManualClock::new()), "web-1".parse().unwrap());
        let slice = slicer.cut([(name("a"), totals(3, Outcome::Ok)), (name("a"), totals(4, Outcome::Ok))]);
        assert_eq!(slice.counted.get(&name("a")), Some(&totals(7, Outcome::Ok)));
    }
}
