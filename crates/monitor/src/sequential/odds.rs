//! One primitive for every question: how much better some odds explain a count than others.
//!
//! Of `m` bad requests, `k` are the candidate's, and `s` is the candidate's share of all requests. Were a candidate's
//! request bad with `w` times the odds of another's, `tilt(k, m, s, w)` is, up to a term without `w`, the logarithm of
//! the chance of that split. Given `m`, the base rate does not appear: an incident that both suffer cancels out.

/// The grid of odds: powers of 2^(1/4) from 1/16 to 1,024.
const GRID: std::ops::RangeInclusive<i32> = -16..=40;
/// How far below one the alternatives of a proof reach: 2^-8.
const DEEPEST: i32 = -32;
/// From here on a step of the grid weighs a quarter: few things get so much worse, and the few are found at once.
const RARE: f64 = 32.0;

/// A part so much smaller than the largest does not change the sum.
const NOTHING: f64 = -40.0;

/// `k ln w - m ln(1 - s + s w)`.
pub(crate) fn tilt(k: f64, m: f64, s: f64, w: f64) -> f64 {
    k * w.ln() - m * (1.0 - s + s * w).ln()
}

/// One alternative, and the logarithm of its weight in a mixture.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Point {
    pub(crate) odds: f64,
    pub(crate) log_weight: f64,
}

/// The odds of the grid, ascending.
pub(crate) fn grid() -> Vec<f64> {
    GRID.map(step).collect()
}

/// What could be true if the odds are higher than `null`; the weights add up to one.
pub(crate) fn above(null: f64) -> Vec<Point> {
    let weight = |odds: f64| if odds > RARE { 0.25 } else { 1.0 };
    weighted(grid().into_iter().filter(|&odds| odds > null).map(|odds| (odds, weight(odds))).collect())
}

/// What could be true if they are lower, evenly weighted: the grid, continued down to 2^-8.
pub(crate) fn below(null: f64) -> Vec<Point> {
    weighted((DEEPEST..0).map(step).filter(|&odds| odds < null).map(|odds| (odds, 1.0)).collect())
}

/// `ln(sum of exp)` without overflow; minus infinity for nothing.
pub(crate) fn log_sum(logs: impl Iterator<Item = f64> + Clone) -> f64 {
    let top = logs.clone().fold(f64::NEG_INFINITY, f64::max);
    if top == f64::NEG_INFINITY {
        return top;
    }
    let part = |log: f64| if log - top < NOTHING { 0.0 } else { (log - top).exp() };
    top + logs.map(part).sum::<f64>().ln()
}

fn step(exponent: i32) -> f64 {
    (f64::from(exponent) / 4.0).exp2()
}

fn weighted(points: Vec<(f64, f64)>) -> Vec<Point> {
    let total: f64 = points.iter().map(|(_, weight)| weight).sum();
    points.into_iter().map(|(odds, weight)| Point { odds, log_weight: (weight / total).ln() }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_weights_of_a_mixture_add_up_to_one() {
        for points in [above(1.0), above(1.2), below(1.0), below(0.8)] {
            let sum: f64 = points.iter().map(|point| point.log_weight.exp()).sum();
            assert!((sum - 1.0).abs() < 1e-12, "{sum}");
        }
        assert_eq!((above(1.0).len(), above(1.2).len(), below(1.0).len()), (40, 39, 32));
    }

    #[test]
    fn sums_of_logarithms_neither_overflow_nor_vanish() {
        assert!((log_sum([2_000.0, 2_000.0].into_iter()) - 2_000.0 - 2f64.ln()).abs() < 1e-12);
        assert!((log_sum([-2_000.0, f64::NEG_INFINITY].into_iter()) + 2_000.0).abs() < 1e-12);
        assert!(log_sum(std::iter::empty()).is_infinite());
    }
}
