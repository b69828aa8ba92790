//! Traffic by the window, from a seed.

use std::time::Duration;

use handover_monitor::{
    Analysis, ArmWindow, Histogram, ThresholdAnalysis, ThresholdLimits, Verdict, WindowPair,
};

/// A small generator with a seed (xorshift64*), so that a run can be repeated.
pub(crate) struct Dice(u64);

impl Dice {
    pub(crate) fn new(seed: u64) -> Self {
        Self(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1)
    }

    /// True with this chance.
    pub(crate) fn hit(&mut self, chance: f64) -> bool {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        let bits = (self.0.wrapping_mul(0x2545_F491_4F6C_DD1D) >> 32) as u32;
        f64::from(bits) / f64::from(u32::MAX) < chance
    }
}

/// How one arm behaves.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Arm {
    /// Requests in a window.
    pub(crate) n: u64,
    /// Share that fails.
    pub(crate) errors: f64,
    /// Share that takes ten times as long as the others.
    pub(crate) slow: f64,
    /// How long the others take.
    pub(crate) takes: Duration,
}

pub(crate) const LIMIT: Duration = Duration::from_millis(500);

impl Arm {
    /// `n` good requests a window, 30 ms each.
    pub(crate) const fn good(n: u64) -> Self {
        Self { n, errors: 0.0, slow: 0.0, takes: Duration::from_millis(30) }
    }

    pub(crate) const fn failing(self, errors: f64) -> Self {
        Self { errors, ..self }
    }

    pub(crate) const fn slow(self, slow: f64) -> Self {
        Self { slow, ..self }
    }

    pub(crate) const fn taking(self, millis: u64) -> Self {
        Self { takes: Duration::from_millis(millis), ..self }
    }

    pub(crate) fn window(self, dice: &mut Dice) -> ArmWindow {
        let mut arm = ArmWindow { n: self.n, ..ArmWindow::default() };
        for _ in 0..self.n {
            let took = if dice.hit(self.slow) { self.takes * 20 } else { self.takes };
            arm.errors += u64::from(dice.hit(self.errors));
            arm.over += u64::from(took > LIMIT);
            arm.hist.add(took);
        }
        arm
    }
}

/// A watch in which windows are 250 ms each.
pub(crate) struct Watch {
    pub(crate) analysis: ThresholdAnalysis,
    pub(crate) dice: Dice,
    pub(crate) bps: u16,
    seq: u64,
}

impl Watch {
    pub(crate) fn new(seed: u64, bps: u16) -> Self {
        let analysis = ThresholdAnalysis::new(ThresholdLimits::default());
        Self { analysis, dice: Dice::new(seed), bps, seq: 0 }
    }

    /// Windows until `seconds` have passed or the verdict is in; how many it took.
    pub(crate) fn run(
        &mut self,
        seconds: u64,
        candidate: Arm,
        stable: Arm,
        until: impl Fn(&Verdict) -> bool,
    ) -> Option<u64> {
        (1..=seconds * 4).find(|_| {
            let (candidate, stable) = (candidate.window(&mut self.dice), stable.window(&mut self.dice));
            self.take(candidate, stable);
            until(&self.analysis.verdict())
        })
    }

    /// All windows of so many seconds; the verdict after them.
    pub(crate) fn after(&mut self, seconds: u64, candidate: Arm, stable: Arm) -> Verdict {
        for _ in 0..seconds * 4 {
            let (candidate, stable) = (candidate.window(&mut self.dice), stable.window(&mut self.dice));
            self.take(candidate, stable);
        }
        self.analysis.verdict()
    }

    pub(crate) fn take(&mut self, candidate: ArmWindow, stable: ArmWindow) {
        self.seq += 1;
        let pair = pair(self.seq, self.bps, candidate, stable);
        self.analysis.observe(&pair);
    }
}

pub(crate) fn pair(seq: u64, candidate_bps: u16, candidate: ArmWindow, stable: ArmWindow) -> WindowPair {
    WindowPair { seq, epoch: 1, candidate_bps, lasted_ms: 250, candidate, stable }
}

/// Counts without latencies: `n` requests, `errors` of them failed.
pub(crate) fn counts(n: u64, errors: u64) -> ArmWindow {
    let hist: Histogram = (0..n).map(|_| Duration::from_millis(30)).collect();
    ArmWindow { n, errors, hist, ..ArmWindow::default() }
}
