//! Which ranks a quantile lies between, and which share a count proves.

/// Half the width, in standard deviations, of a 95 % interval.
const WIDTH: f64 = 1.96;
/// Up to here ranks are computed exactly; beyond, the normal approximation is off by less than a rank or two.
const EXACT: u64 = 500;
/// What either side of the interval leaves out.
const TAIL: f64 = 0.025;

/// The 1-based rank of the nearest-rank quantile among `count` samples.
pub(crate) fn nearest_rank(count: u64, q: f64) -> u64 {
    // A share such as 0.07 of 100 comes out above 7 by the last bits of a float, and is not the eighth.
    let rank = share(q) * wide(count) * (1.0 - 2.0 * f64::EPSILON);
    rounded(rank.ceil()).clamp(1, count.max(1))
}

/// The 1-based ranks of the samples between which the quantile of the whole lies with 95 % confidence. An end is
/// missing where even the smallest or largest sample is not far enough out.
pub(crate) fn ranks(count: u64, q: f64) -> (Option<u64>, Option<u64>) {
    let q = share(q);
    let (low, high) = if count <= EXACT { exact(count, q) } else { normal(count, q) };
    ((low >= 1).then_some(low), (high <= count).then_some(high))
}

/// From the binomial: a rank is low enough when fewer samples than that lie below the quantile almost never.
fn exact(count: u64, q: f64) -> (u64, u64) {
    let (mut low, mut high) = (0, count + 1);
    let chances = binomial(count, q);
    let mut below = 0.0;
    for (k, chance) in (0..=count).zip(&chances) {
        below += chance;
        if below <= TAIL {
            low = k + 1;
        }
    }
    let mut above = 0.0;
    for (k, chance) in (0..=count).rev().zip(chances.iter().rev()) {
        above += chance;
        if above <= TAIL {
            high = k;
        }
    }
    (low.min(count), high)
}

/// The chances of 0 to `count` successes, computed outwards from the likeliest so that none underflows early.
fn binomial(count: u64, q: f64) -> Vec<f64> {
    let size = usize::try_from(count).unwrap_or(0);
    let mut chances = vec![0.0; size + 1];
    if q <= 0.0 || q >= 1.0 {
        chances[if q <= 0.0 { 0 } else { size }] = 1.0;
        return chances;
    }
    let odds = q / (1.0 - q);
    let mode = usize::try_from(rounded((wide(count) + 1.0) * q)).unwrap_or(0).min(size);
    chances[mode] = 1.0;
    for k in mode..size {
        chances[k + 1] = chances[k] * odds * wide((size - k) as u64) / wide(k as u64 + 1);
    }
    for k in (0..mode).rev() {
        chances[k] = chances[k + 1] / odds * wide(k as u64 + 1) / wide((size - k) as u64);
    }
    let total: f64 = chances.iter().sum();
    for chance in &mut chances {
        *chance /= total;
    }
    chances
}

fn normal(count: u64, q: f64) -> (u64, u64) {
    let middle = wide(count) * q;
    let spread = WIDTH * (middle * (1.0 - q)).sqrt();
    (rounded((middle - spread).floor()), rounded((middle + spread).ceil()))
}

/// An upper bound (Chernoff's) on the chance of `hits` or more, or of so few, among `count` where each is one with
/// chance `share`; 1 where the count is on the expected side. `more` says which side is asked about.
pub(crate) fn chance(hits: u64, count: u64, share: f64, more: bool) -> f64 {
    if count == 0 {
        return 1.0;
    }
    let seen = wide(hits.min(count)) / wide(count);
    if (more && seen <= share) || (!more && seen >= share) {
        return 1.0;
    }
    (-wide(count) * divergence(seen, share)).exp()
}

/// How surprising a share `seen` is where `expected` is true, in nats per sample.
fn divergence(seen: f64, expected: f64) -> f64 {
    let part = |a: f64, b: f64| if a > 0.0 { a * (a / b).ln() } else { 0.0 };
    part(seen, expected) + part(1.0 - seen, 1.0 - expected)
}

/// A quantile or share within 0 to 1; a NaN becomes 0.
fn share(q: f64) -> f64 {
    if q.is_nan() { 0.0 } else { q.clamp(0.0, 1.0) }
}

/// A count as a float; past 2^53 the last digits go, which no share shows.
#[expect(clippy::cast_precision_loss, reason = "shares of counts past 2^53 keep 15 digits")]
pub(crate) fn wide(count: u64) -> f64 {
    count as f64
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "the cast saturates, as wanted")]
fn rounded(rank: f64) -> u64 {
    rank as u64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rank_is_not_raised_by_the_last_bit_of_a_float() {
        assert_eq!(
            [(100, 0.07), (60_000, 0.537), (1_000, 0.95)].map(|(n, q)| nearest_rank(n, q)),
            [7, 32_220, 950]
        );
        assert_eq!([(100, 0.0701), (1_000, 0.9501), (3, 0.0)].map(|(n, q)| nearest_rank(n, q)), [8, 951, 1]);
    }

    #[test]
    fn few_samples_leave_the_upper_end_of_a_p95_open() {
        // 0.95^71 is above 2.5 %, 0.95^72 below.
        assert_eq!(ranks(71, 0.95).1, None);
        assert_eq!(ranks(72, 0.95).1, Some(72));
    }

    #[test]
    fn the_exact_interval_matches_tabled_values() {
        assert_eq!(ranks(20, 0.5), (Some(6), Some(15)));
        assert_eq!(ranks(10, 0.5), (Some(2), Some(9)));
    }

    #[test]
    fn exact_and_normal_meet_where_they_change_over() {
        let (exact, normal) = (exact(EXACT, 0.95), normal(EXACT, 0.95));
        assert!(exact.0.abs_diff(normal.0) <= 2 && exact.1.abs_diff(normal.1) <= 2, "{exact:?} {normal:?}");
    }

    #[test]
    fn the_chance_bound_is_above_the_true_chance_and_falls_with_hits() {
        // Exactly 6 or more of 20 at 5 %: 3.3e-4.
        let bound = chance(6, 20, 0.05, true);
        assert!(bound > 3.3e-4 && bound < 5e-3, "{bound}");
        assert!(chance(7, 20, 0.05, true) < bound);
        assert!((chance(1, 20, 0.05, true) - 1.0).abs() < f64::EPSILON);
        // None of 90 at 5 %: 0.95^90.
        assert!((chance(0, 90, 0.05, false) - 0.95f64.powi(90)).abs() < 1e-6);
        assert!((chance(0, 0, 0.05, false) - 1.0).abs() < f64::EPSILON);
    }

    #[test]
    fn a_limit_of_nothing_is_passed_by_one_failure() {
        assert!(chance(1, 10, 0.0, true) < 1e-9);
        assert!((chance(10, 10, 1.0, true) - 1.0).abs() < f64::EPSILON);
    }
}
