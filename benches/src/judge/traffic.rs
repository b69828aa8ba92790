//! Made-up traffic, by the window, from a seed.

use handover_monitor::{ArmWindow, LatencyCode, WindowPair};

use crate::scenario::{Moment, Scenario};

/// A p95 limit of half a second, as the strategy has it.
pub(crate) const LIMIT_MS: f64 = 500.0;
/// Median and spread (of the logarithm) of a healthy request: a p95 of 161 ms.
const MEDIAN_MS: f64 = 60.0;
const SPREAD: f64 = 0.6;
/// Latencies are drawn from so many quantiles.
const QUANTILES: usize = 4_096;

/// The windows of one release.
pub(crate) struct Traffic<'a> {
    scenario: &'a Scenario,
    dice: fastrand::Rng,
    healthy: Latencies,
    drift: f64,
    seq: u64,
    pub(crate) requests: u64,
}

/// Quantiles of a log-normal, and their codes once all times are stretched.
struct Latencies {
    millis: Vec<f64>,
}

impl<'a> Traffic<'a> {
    pub(crate) fn new(scenario: &'a Scenario, seed: u64) -> Self {
        let (dice, healthy) = (fastrand::Rng::with_seed(seed), Latencies::new());
        Self { scenario, dice, healthy, drift: 0.0, seq: 0, requests: 0 }
    }

    /// The next window.
    pub(crate) fn window(&mut self) -> WindowPair {
        self.drift += (self.dice.f64() - 0.5) * 0.1;
        let lasted_ms = self.scenario.window_ms;
        let moment = (self.scenario.at)(self.seq * lasted_ms / 1_000, self.drift);
        self.seq += 1;
        let (mut candidate, mut stable) = (ArmWindow::default(), ArmWindow::default());
        for _ in 0..self.scenario.rate * lasted_ms / 1_000 {
            if self.dice.f64() < moment.share {
                self.request(&mut candidate, moment.candidate_fails, moment.candidate_takes, moment.hangs);
            } else {
                self.request(&mut stable, moment.stable_fails, 1.0, 0.0);
            }
        }
        self.requests += candidate.n + stable.n + candidate.in_flight_over;
        WindowPair {
            seq: self.seq,
            epoch: 1,
            candidate_bps: basis_points(&moment),
            lasted_ms,
            candidate,
            stable,
        }
    }

    fn request(&mut self, arm: &mut ArmWindow, fails: f64, takes: f64, hangs: f64) {
        if hangs > 0.0 && self.dice.f64() < hangs {
            return;
        }
        let millis = self.healthy.millis[self.dice.usize(0..QUANTILES)] * takes;
        arm.n += 1;
        arm.errors += u64::from(self.dice.f64() < fails);
        arm.over += u64::from(millis > LIMIT_MS);
        arm.hist.add_many(LatencyCode::of(std::time::Duration::from_secs_f64(millis / 1e3)), 1);
    }
}

impl Latencies {
    fn new() -> Self {
        #[expect(clippy::cast_precision_loss, reason = "4,096 quantiles")]
        let quantile = |at: usize| MEDIAN_MS * (SPREAD * normal((at as f64 + 0.5) / QUANTILES as f64)).exp();
        Self { millis: (0..QUANTILES).map(quantile).collect() }
    }
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a share of ten thousand")]
fn basis_points(moment: &Moment) -> u16 {
    (moment.share * 10_000.0).round() as u16
}

/// The quantile of a normal distribution (Acklam's approximation, to nine digits).
fn normal(p: f64) -> f64 {
    const A: [f64; 6] = [
        -39.696_830_286_653_76,
        220.946_098_424_520_5,
        -275.928_510_446_968_7,
        138.357_751_867_269,
        -30.664_798_066_147_16,
        2.506_628_277_459_239,
    ];
    const B: [f64; 5] = [
        -54.476_098_798_224_06,
        161.585_836_858_040_9,
        -155.698_979_859_886_6,
        66.801_311_887_719_72,
        -13.280_681_552_885_72,
    ];
    const C: [f64; 6] = [
        -0.007_784_894_002_430_293,
        -0.322_396_458_041_136_5,
        -2.400_758_277_161_838,
        -2.549_732_539_343_734,
        4.374_664_141_464_968,
        2.938_163_982_698_783,
    ];
    const D: [f64; 4] =
        [0.007_784_695_709_041_462, 0.322_467_129_070_039_8, 2.445_134_137_142_996, 3.754_408_661_907_416];
    let poly = |of: &[f64], x: f64| of.iter().fold(0.0, |sum, part| sum * x + part);
    let tail = |p: f64| {
        let q = (-2.0 * p.ln()).sqrt();
        poly(&C, q) / (poly(&D, q) * q + 1.0)
    };
    if p < 0.024_25 {
        return tail(p);
    }
    if p > 1.0 - 0.024_25 {
        return -tail(1.0 - p);
    }
    let q = p - 0.5;
    let r = q * q;
    poly(&A, r) * q / (poly(&B, r) * r + 1.0)
}

#[cfg(test)]
mod tests {
    use handover_monitor::Histogram;

    use super::*;

    #[test]
    fn quantiles_of_the_normal_are_the_tabled_ones() {
        for (p, z) in [(0.5, 0.0), (0.95, 1.644_853_627), (0.01, -2.326_347_874), (0.999, 3.090_232_306)] {
            assert!((normal(p) - z).abs() < 1e-6, "{p}: {}", normal(p));
        }
    }

    #[test]
    fn a_healthy_p95_is_161_milliseconds() {
        let hist: Histogram =
            Latencies::new().millis.iter().map(|ms| std::time::Duration::from_secs_f64(ms / 1e3)).collect();
        let p95 = hist.quantile(0.95).expect("samples").value.as_secs_f64();
        assert!((p95 - 0.161).abs() < 0.003, "{p95}");
    }
}
