//! Latencies as services have them, the same ones every time.

use std::time::Duration;

/// Numbers that look random: PCG with a fixed beginning.
pub(crate) struct Dice(u64);

impl Dice {
    pub(crate) const fn new(seed: u64) -> Self {
        Self(seed)
    }

    /// Within 0 to 1, neither included.
    #[expect(clippy::cast_precision_loss, reason = "53 bits")]
    pub(crate) fn share(&mut self) -> f64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        let mixed = (self.0 ^ (self.0 >> 33)).wrapping_mul(0xff51_afd7_ed55_8ccd);
        ((mixed >> 11) as f64 + 0.5) / (1u64 << 53) as f64
    }

    /// Normally distributed, by Box and Muller.
    pub(crate) fn normal(&mut self) -> f64 {
        let (radius, angle) = ((-2.0 * self.share().ln()).sqrt(), std::f64::consts::TAU * self.share());
        radius * angle.cos()
    }
}

/// The shapes that an estimate has to cope with.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Shape {
    /// 20 ms, and as often half as twice as much.
    LogNormal,
    /// Most near a millisecond, a tail without end.
    Pareto,
    /// Two modes far apart with nothing between them; one request in twenty is of the slow one.
    Bimodal,
    /// Becomes four times slower as it goes.
    Drifting,
}

impl Shape {
    pub(crate) const ALL: [Self; 4] = [Self::LogNormal, Self::Pareto, Self::Bimodal, Self::Drifting];

    /// The latency at `along` of the whole, from 0 to 1.
    pub(crate) fn latency(self, dice: &mut Dice, along: f64) -> Duration {
        let log_normal = |median: f64, spread: f64, dice: &mut Dice| median * (spread * dice.normal()).exp();
        let seconds = match self {
            Self::LogNormal => log_normal(0.020, 0.7, dice),
            Self::Pareto => 0.001 * dice.share().powf(-1.0 / 1.2),
            Self::Bimodal if dice.share() < 0.05 => log_normal(0.800, 0.1, dice),
            Self::Bimodal => log_normal(0.008, 0.2, dice),
            Self::Drifting => log_normal(0.015 * (1.0 + 3.0 * along), 0.4, dice),
        };
        Duration::from_secs_f64(seconds.min(3_600.0))
    }
}
