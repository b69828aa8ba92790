//! Evidence that grows by betting: at any moment, a chance of at most 1 in E that it grew so much by luck.
//!
//! A copy is a bet of one unit on one point of the grid; each block multiplies it by how much better that point
//! explains the block than the null does. If the null is true no bet grows on average, and so no weighted sum of bets
//! does, whichever blocks follow and whenever one looks: E reaches 1/alpha in fewer than alpha of all releases
//! (Ville's inequality).
//!
//! A release that goes bad late should not first have to win back what its good hour lost. So only a part of the unit
//! is bet at the start; the rest waits in a reserve from which fresh copies begin later. Copies on the same point are
//! multiplied alike, so one sum per point holds all of them, exactly and for ever, and no copy needs to be retired.

use std::time::Duration;

use super::odds::{Point, log_sum, tilt};

/// Bets on all alternatives to one null.
#[derive(Debug, Clone)]
pub(crate) struct Mixture {
    null: f64,
    points: Vec<Point>,
    /// By point: the logarithm of what all its started copies are worth.
    started: Vec<f64>,
    /// What was not bet yet.
    reserve: f64,
    log_e: f64,
}

impl Mixture {
    /// Nothing bet yet against odds of `null`.
    pub(crate) fn new(null: f64, points: Vec<Point>) -> Self {
        let started = vec![f64::NEG_INFINITY; points.len()];
        Self { null, points, started, reserve: 1.0, log_e: 0.0 }
    }

    /// Everything bet at once.
    pub(crate) fn single(null: f64, points: Vec<Point>) -> Self {
        let mut all = Self::new(null, points);
        all.start(1.0);
        all
    }

    /// Begins fresh copies with this part of the unit, or with what is left of it.
    pub(crate) fn start(&mut self, part: f64) {
        let part = part.min(self.reserve);
        if part <= 0.0 {
            return;
        }
        self.reserve -= part;
        for started in &mut self.started {
            *started = log_sum([*started, part.ln()].into_iter());
        }
    }

    /// Takes a block in which `k` of `m` bad requests were the candidate's, whose share of all was `s`; what comes in
    /// clusters counts by the cluster: `divisor` requests for one.
    ///
    /// A block without bad requests, or with only one of the arms, says nothing and changes nothing.
    pub(crate) fn absorb(&mut self, k: u64, m: u64, s: f64, divisor: f64) {
        if m == 0 || !(s > 0.0 && s < 1.0) {
            return;
        }
        let (k, m) = (crate::interval::wide(k.min(m)), crate::interval::wide(m));
        let null = tilt(k, m, s, self.null);
        for (started, point) in self.started.iter_mut().zip(&self.points) {
            *started += (tilt(k, m, s, point.odds) - null) / divisor;
        }
        self.log_e = self.value();
    }

    /// The logarithm of the evidence against the null.
    pub(crate) const fn log_e(&self) -> f64 {
        self.log_e
    }

    /// Adds evidence of other blocks against the same null.
    ///
    /// On each point the two are independent bets, so together they are worth their product; what neither had bet
    /// stays in reserve.
    pub(crate) fn merge(&mut self, other: &Self) {
        let (mine, theirs) = (self.reserve, other.reserve);
        for (started, other) in self.started.iter_mut().zip(&other.started) {
            let both = *started + other;
            *started = log_sum([both, *started + theirs.ln(), other + mine.ln()].into_iter());
        }
        self.reserve = mine * theirs;
        self.log_e = self.value();
    }

    fn value(&self) -> f64 {
        let reserve = self.reserve.ln();
        log_sum(
            self.points
                .iter()
                .zip(&self.started)
                .flat_map(|(point, started)| [point.log_weight + started, point.log_weight + reserve]),
        )
    }
}

/// When fresh copies begin, and with which part of the unit: parts that add up to one however long the release is
/// watched, so that a watch of days spends no more than one of minutes.
///
/// Most bad releases are bad from the start; hence a large first part. The next twenty minutes get even parts, and
/// what is left falls off so slowly that a day later the copies of half a minute still begin with a few millionths: twelve nats, or four or
/// five failures more than a fresh judge would need.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Starts {
    begun: u32,
}

/// Fresh copies begin so often: the finer, the less of a good time a copy holds when things go bad. Copies that begin
/// close together are worth nearly the same and add up, so more of them cost nothing.
pub(crate) const EVERY: Duration = Duration::from_secs(5);
const FIRST: f64 = 0.4;
const EVEN: f64 = 0.35 / 240.0;
const EVENS: u32 = 240;
const TAIL: f64 = 0.25;

impl Starts {
    /// The part of the next start.
    pub(crate) fn next(&mut self) -> f64 {
        let number = self.begun;
        self.begun = self.begun.saturating_add(1);
        match number {
            0 => FIRST,
            1..=EVENS => EVEN,
            _ => TAIL * (left_before(number) - left_before(number.saturating_add(1))),
        }
    }

    /// As far as the later one.
    pub(crate) fn merge(&mut self, other: Self) {
        self.begun = self.begun.max(other.begun);
    }
}

/// What share of the tail is left before the start with this number; all of it before the first.
fn left_before(number: u32) -> f64 {
    let slowness = |number: u32| 1.0 + f64::from(number).ln();
    slowness(EVENS + 1) / slowness(number)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::odds::above;
    use super::*;

    #[test]
    fn the_parts_never_add_up_to_more_than_one() {
        let mut starts = Starts::default();
        let mut sum = 0.0;
        let mut last = 1.0;
        for _ in 0..100_000 {
            let part = starts.next();
            assert!(part > 0.0 && part <= last);
            (sum, last) = (sum + part, part);
        }
        assert!(sum < 1.0 && sum > 0.85, "{sum}");
    }

    #[test]
    fn a_day_later_copies_still_begin_with_millionths() {
        let mut starts = Starts::default();
        let parts: Vec<f64> = std::iter::repeat_with(|| starts.next()).take(17_280).collect();
        let half_a_minute: f64 = parts[17_274..].iter().sum();
        assert!(half_a_minute > 4e-6, "{half_a_minute}");
    }

    #[test]
    fn nothing_observed_is_no_evidence() {
        let mut mixture = Mixture::new(1.0, above(1.0));
        mixture.start(0.3);
        mixture.absorb(0, 0, 0.1, 1.0);
        mixture.absorb(3, 3, 1.0, 1.0);
        mixture.absorb(3, 3, f64::NAN, 1.0);
        assert!(mixture.log_e().abs() < 1e-12);
    }

    fn blocks() -> impl Strategy<Value = Vec<(u64, u64)>> {
        proptest::collection::vec((0u64..5, 0u64..5).prop_map(|(k, rest)| (k, k + rest)), 0..40)
    }

    fn fed(blocks: &[(u64, u64)], restart: usize) -> Mixture {
        let (mut mixture, mut starts) = (Mixture::new(1.2, above(1.2)), Starts::default());
        for (at, &(k, m)) in blocks.iter().enumerate() {
            if at % restart == 0 {
                mixture.start(starts.next());
            }
            mixture.absorb(k, m, 0.1, 1.0);
        }
        mixture
    }

    /// The chance that `k` of `m` bad requests are the candidate's where `n` of all `all` requests are: a draw without
    /// replacement.
    fn chance(k: u64, m: u64, n: u64, all: u64) -> f64 {
        let log_choose = |n: u64, k: u64| -> f64 {
            (1..=k).map(|i| (crate::interval::wide(n - k + i) / crate::interval::wide(i)).ln()).sum()
        };
        (log_choose(n, k) + log_choose(all - n, m - k) - log_choose(all, m)).exp()
    }

    proptest! {
        /// What makes it right at any moment: if the candidate is no worse, no block makes the evidence grow on average,
        /// whatever the base rate and the split.
        #[test]
        fn on_average_no_block_adds_evidence_against_a_harmless_candidate(
            n in 1u64..30, beside in 1u64..60, part in 0.0f64..=1.0, before in blocks(),
        ) {
            let all = n + beside;
            #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "small")]
            let bad = (part * crate::interval::wide(all)) as u64;
            let mut mixture = Mixture::new(1.0, above(1.0));
            mixture.start(0.4);
            for (k, m) in before {
                mixture.absorb(k, m, 0.2, 1.0);
            }
            let fewest = bad.saturating_sub(beside);
            let mean: f64 = (fewest..=bad.min(n))
                .map(|k| {
                    let mut after = mixture.clone();
                    after.absorb(k, bad, crate::interval::wide(n) / crate::interval::wide(all), 1.0);
                    chance(k, bad, n, all) * (after.log_e() - mixture.log_e()).exp()
                })
                .sum();
            prop_assert!(mean <= 1.0 + 1e-9, "{bad} of {n} + {beside}: {mean}");
        }

        /// One sum per point is the same as every copy kept by itself.
        #[test]
        fn the_sums_are_all_copies_together(blocks in blocks(), restart in 1usize..6) {
            let mut starts = Starts::default();
            let (mut copies, mut left) = (Vec::new(), 1.0);
            for from in (0..blocks.len()).step_by(restart) {
                let mut copy = Mixture::single(1.2, above(1.2));
                blocks[from..].iter().for_each(|&(k, m)| copy.absorb(k, m, 0.1, 1.0));
                let part = starts.next();
                left -= part;
                copies.push(part.ln() + copy.log_e());
            }
            copies.push(left.ln());
            let naive = log_sum(copies.into_iter());
            prop_assert!((fed(&blocks, restart).log_e() - naive).abs() < 1e-9);
        }

        #[test]
        fn merging_is_commutative_and_associative_and_nothing_is_its_identity(a in blocks(), b in blocks(), c in blocks()) {
            let [a, b, c] = [a, b, c].map(|blocks| fed(&blocks, 3));
            let merged = |x: &Mixture, y: &Mixture| { let mut both = x.clone(); both.merge(y); both };
            prop_assert!((merged(&a, &b).log_e() - merged(&b, &a).log_e()).abs() < 1e-9);
            let (left, right) = (merged(&merged(&a, &b), &c), merged(&a, &merged(&b, &c)));
            prop_assert!((left.log_e() - right.log_e()).abs() < 1e-9);
            prop_assert!((merged(&a, &Mixture::new(1.2, above(1.2))).log_e() - a.log_e()).abs() < 1e-9);
        }

        /// Where everything was bet at the start, merging is the same as seeing all blocks.
        #[test]
        fn merging_single_bets_is_exact(a in blocks(), b in blocks()) {
            let feed = |blocks: &[(u64, u64)]| {
                let mut one = Mixture::single(1.0, above(1.0));
                for &(k, m) in blocks {
                    one.absorb(k, m, 0.3, 1.0);
                }
                one
            };
            let mut merged = feed(&a);
            merged.merge(&feed(&b));
            prop_assert!((merged.log_e() - feed(&[a, b].concat()).log_e()).abs() < 1e-9);
        }
    }
}
