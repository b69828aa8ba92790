use std::time::Duration;

use crate::meter::MeterTotals;
use crate::pair::{ArmWindow, WindowPair};

/// All traffic to the candidate, in basis points.
const WHOLE: u16 = 10_000;

/// When a window is closed.
///
/// By count, since an analysis that compares the two arms learns nothing from a window that has only one of them;
/// never by outcome, which would choose its own evidence.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct CutRules {
    /// Requests of both arms together that close a window; 25 by default.
    pub requests: u64,
    /// Where both arms have a share, the fewest of each that close one; 2 by default.
    pub of_each: u64,
    /// A window with any traffic is closed after this time at the latest; 250 ms by default.
    pub busy: Duration,
    /// One without traffic after this; 1 s by default.
    pub idle: Duration,
}

impl Default for CutRules {
    fn default() -> Self {
        let (busy, idle) = (Duration::from_millis(250), Duration::from_secs(1));
        Self { requests: 25, of_each: 2, busy, idle }
    }
}

/// Cuts the readings of two meters into [`WindowPair`]s.
///
/// The owner reads both meters every few milliseconds and hands the readings in with [`tick`](Self::tick). Windows
/// are differences, so a late tick makes a longer window and loses nothing.
#[derive(Debug)]
pub struct PairCutter {
    rules: CutRules,
    epoch: u64,
    seq: u64,
    bps: u16,
    opened: Duration,
    candidate: ArmCutter,
    stable: ArmCutter,
}

/// What had been counted when the open window began.
#[derive(Debug)]
struct ArmCutter {
    begin: MeterTotals,
}

impl PairCutter {
    /// Begins the first window of a watch: from these readings of the candidate's and stable's meters, made at `now`
    /// for one latency limit, with `candidate_bps` of the traffic on the candidate.
    pub fn new(
        epoch: u64,
        now: Duration,
        candidate_bps: u16,
        candidate: MeterTotals,
        stable: MeterTotals,
    ) -> Self {
        Self {
            rules: CutRules::default(),
            epoch,
            seq: 0,
            bps: candidate_bps,
            opened: now,
            candidate: ArmCutter { begin: candidate },
            stable: ArmCutter { begin: stable },
        }
    }

    /// Closes windows by other rules than the default ones.
    #[must_use]
    pub fn with_rules(mut self, rules: CutRules) -> Self {
        self.rules = rules;
        self
    }

    /// Takes new readings of both meters, for the same limit, and the share in force; gives the open window if that
    /// closes it.
    ///
    /// The first window has `seq` 1. A changed share closes the window under the old one: requests of the few
    /// milliseconds since the last tick count there.
    pub fn tick(
        &mut self,
        now: Duration,
        candidate_bps: u16,
        candidate: MeterTotals,
        stable: MeterTotals,
    ) -> Option<WindowPair> {
        let (of_candidate, of_stable) = (self.candidate.since(&candidate), self.stable.since(&stable));
        let lasted = now.saturating_sub(self.opened);
        let turned = candidate_bps != self.bps;
        if !turned && !self.closes(lasted, &of_candidate, &of_stable) {
            return None;
        }
        self.seq += 1;
        let closed = WindowPair {
            seq: self.seq,
            epoch: self.epoch,
            candidate_bps: self.bps,
            lasted_ms: u64::try_from(lasted.as_millis()).unwrap_or(u64::MAX),
            candidate: of_candidate,
            stable: of_stable,
        };
        self.bps = candidate_bps;
        self.opened = now;
        self.candidate.advance(candidate);
        self.stable.advance(stable);
        Some(closed)
    }

    fn closes(&self, lasted: Duration, candidate: &ArmWindow, stable: &ArmWindow) -> bool {
        let seen = candidate.n + stable.n;
        let shared = self.bps > 0 && self.bps < WHOLE;
        let of_each = if shared { self.rules.of_each } else { 0 };
        let enough = seen >= self.rules.requests && candidate.n.min(stable.n) >= of_each;
        let busy = seen + candidate.in_flight_over + stable.in_flight_over > 0;
        enough || lasted >= if busy { self.rules.busy } else { self.rules.idle }
    }
}

impl ArmCutter {
    fn since(&self, now: &MeterTotals) -> ArmWindow {
        let counted = now.totals.since(&self.begin.totals);
        let crossed = now.crossed.saturating_sub(self.begin.crossed);
        // Which of those that crossed have ended is not tracked one by one; the sum is exact, and no window says
        // that more completed ones crossed than completed.
        let over = now.over.saturating_sub(self.begin.over).min(crossed);
        ArmWindow {
            n: counted.count(),
            errors: counted.errors.count(),
            over,
            in_flight_over: crossed - over,
            hist: counted.completed(),
        }
    }

    /// A request that ends between the loads of a reading may be missing from it for a moment; the highest count so
    /// far is the one that has been given out.
    fn advance(&mut self, now: MeterTotals) {
        let crossed = self.begin.crossed.max(now.crossed);
        self.begin = MeterTotals { crossed, ..now };
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::meter::Meter;
    use crate::series::{LatencySink, Outcome};

    const LIMIT: Duration = ms(500);

    const fn ms(millis: u64) -> Duration {
        Duration::from_millis(millis)
    }

    struct Bench {
        candidate: Meter,
        stable: Meter,
        cutter: PairCutter,
    }

    impl Bench {
        fn at(bps: u16) -> Self {
            let (candidate, stable) = (Meter::new(), Meter::new());
            let cutter =
                PairCutter::new(7, ms(0), bps, candidate.read(ms(0), LIMIT), stable.read(ms(0), LIMIT));
            Self { candidate, stable, cutter }
        }

        fn tick(&mut self, at: Duration, bps: u16) -> Option<WindowPair> {
            self.cutter.tick(at, bps, self.candidate.read(at, LIMIT), self.stable.read(at, LIMIT))
        }
    }

    fn record(meter: &Meter, times: u64, outcome: Outcome) {
        (0..times).for_each(|_| meter.record(ms(3), outcome));
    }

    #[test]
    fn a_window_closes_at_twenty_five_requests_with_two_of_the_candidate() {
        let mut bench = Bench::at(1_000);
        record(&bench.stable, 30, Outcome::Ok);
        record(&bench.candidate, 1, Outcome::Error);
        assert_eq!(bench.tick(ms(10), 1_000), None);
        record(&bench.candidate, 1, Outcome::Ok);
        let pair = bench.tick(ms(20), 1_000).expect("enough of each");
        assert_eq!((pair.seq, pair.epoch, pair.candidate_bps, pair.lasted_ms), (1, 7, 1_000, 20));
        assert_eq!((pair.candidate.n, pair.candidate.errors, pair.candidate.hist.count()), (2, 1, 2));
        assert_eq!((pair.stable.n, pair.stable.errors), (30, 0));
    }

    #[test]
    fn alone_the_candidate_needs_no_stable_requests() {
        let mut bench = Bench::at(10_000);
        record(&bench.candidate, 25, Outcome::Ok);
        assert_eq!(bench.tick(ms(10), 10_000).expect("enough").candidate.n, 25);
    }

    #[test]
    fn few_requests_wait_a_quarter_of_a_second_and_none_a_second() {
        let mut bench = Bench::at(1_000);
        record(&bench.stable, 1, Outcome::Ok);
        assert_eq!(bench.tick(ms(249), 1_000), None);
        assert_eq!(bench.tick(ms(250), 1_000).expect("traffic").stable.n, 1);
        assert_eq!(bench.tick(ms(1_249), 1_000), None);
        let idle = bench.tick(ms(1_250), 1_000).expect("a second of silence");
        assert_eq!((idle.seq, idle.candidate.n, idle.lasted_ms), (2, 0, 1_000));
    }

    #[test]
    fn a_changed_share_closes_the_window_under_the_old_one() {
        let mut bench = Bench::at(1_000);
        record(&bench.candidate, 1, Outcome::Ok);
        assert_eq!(bench.tick(ms(10), 5_000).expect("the route changed").candidate_bps, 1_000);
        record(&bench.candidate, 1, Outcome::Ok);
        let next = bench.tick(ms(260), 5_000).expect("a quarter of a second");
        assert_eq!((next.seq, next.candidate_bps, next.candidate.n), (2, 5_000, 1));
    }

    #[test]
    fn a_hung_candidate_makes_windows_without_a_completion() {
        let mut bench = Bench::at(1_000);
        let waiting: Vec<_> = (0..9).map(|_| bench.candidate.start(ms(0))).collect();
        let pair = bench.tick(ms(600), 1_000).expect("nine crossed the limit");
        assert_eq!((pair.candidate.n, pair.candidate.over, pair.candidate.in_flight_over), (0, 0, 9));
        for started in waiting {
            started.finish(ms(700), Outcome::Ok);
        }
        let pair = bench.tick(ms(850), 1_000).expect("nine ended");
        assert_eq!((pair.candidate.n, pair.candidate.over, pair.candidate.in_flight_over), (9, 0, 0));
    }

    #[test]
    fn a_crossing_that_a_reading_missed_for_a_moment_is_not_given_out_twice() {
        let read = |crossed| MeterTotals { crossed, ..MeterTotals::default() };
        let mut cutter = PairCutter::new(7, ms(0), 1_000, read(0), read(0));
        let crossed = [2, 1, 2, 3].map(|crossed| {
            let now = cutter.opened + ms(1_000);
            cutter.tick(now, 1_000, read(crossed), read(0)).expect("a second passed").candidate.in_flight_over
        });
        assert_eq!(crossed, [2, 0, 0, 1]);
    }
}
