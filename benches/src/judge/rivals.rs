//! The rules that others judge by, each on the same windows.

use std::collections::VecDeque;

use handover_monitor::{
    Action, Analysis as _, SequentialAnalysis, SequentialLimits, ThresholdAnalysis, ThresholdLimits,
    WindowPair,
};

use crate::traffic::LIMIT_MS;

/// Something that says at each window whether the release is taken back.
pub(crate) trait Judge {
    fn blames(&mut self, pair: &WindowPair) -> bool;
}

/// All of them, in the order of the table's columns.
pub(crate) const NAMES: [&str; 5] = ["sequential", "thresholds", "hour > 5 %", "last 1,000", "Flagger"];

pub(crate) fn all() -> [Box<dyn Judge>; 5] {
    [
        Box::new(SequentialAnalysis::new(SequentialLimits::default())),
        Box::new(ThresholdAnalysis::new(ThresholdLimits::default())),
        Box::new(Hour::default()),
        Box::new(LastThousand::default()),
        Box::new(Flagger::default()),
    ]
}

impl Judge for SequentialAnalysis {
    fn blames(&mut self, pair: &WindowPair) -> bool {
        self.observe(pair);
        self.verdict().action == Action::RollBack
    }
}

impl Judge for ThresholdAnalysis {
    fn blames(&mut self, pair: &WindowPair) -> bool {
        self.observe(pair);
        self.verdict().action == Action::RollBack
    }
}

/// The strategy's error rule: more than 5 % of the requests since the last full hour failed, from the first on.
#[derive(Default)]
struct Hour {
    lasted_ms: u64,
    requests: u64,
    errors: u64,
}

impl Judge for Hour {
    fn blames(&mut self, pair: &WindowPair) -> bool {
        if self.lasted_ms >= 3_600_000 {
            *self = Self::default();
        }
        self.lasted_ms += pair.lasted_ms;
        self.requests += pair.candidate.n;
        self.errors += pair.candidate.errors;
        self.errors * 20 > self.requests
    }
}

/// The strategy's latency rule, and its error rule with the same memory: of the candidate's last 1,000 requests, more
/// than 5 % took over 500 ms, or failed. It waits until there are 1,000.
#[derive(Default)]
struct LastThousand {
    windows: VecDeque<(u64, u64, u64)>,
    sum: (u64, u64, u64),
}

impl Judge for LastThousand {
    fn blames(&mut self, pair: &WindowPair) -> bool {
        let arm = &pair.candidate;
        self.windows.push_back((arm.n, arm.errors, arm.over));
        self.sum = (self.sum.0 + arm.n, self.sum.1 + arm.errors, self.sum.2 + arm.over);
        while let Some(oldest) = self.windows.front().copied().filter(|oldest| self.sum.0 - oldest.0 >= 1_000)
        {
            self.sum = (self.sum.0 - oldest.0, self.sum.1 - oldest.1, self.sum.2 - oldest.2);
            self.windows.pop_front();
        }
        self.sum.0 >= 1_000 && (self.sum.1 * 20 > self.sum.0 || self.sum.2 * 20 > self.sum.0)
    }
}

/// Flagger's built-in checks: each minute at least 99 % must succeed and the p99 stay below 500 ms; failed checks only
/// add up, and five of them end the release. Without traffic a check fails.
#[derive(Default)]
struct Flagger {
    lasted_ms: u64,
    minute: (u64, u64, u64),
    failed: u32,
}

impl Judge for Flagger {
    fn blames(&mut self, pair: &WindowPair) -> bool {
        let arm = &pair.candidate;
        let (n, errors, over) = self.minute;
        self.minute = (n + arm.n, errors + arm.errors, over + arm.over);
        self.lasted_ms += pair.lasted_ms;
        if self.lasted_ms >= 60_000 {
            self.lasted_ms = 0;
            let (n, errors, over) = std::mem::take(&mut self.minute);
            self.failed += u32::from(n == 0 || errors * 100 > n || over * 100 > n);
        }
        self.failed >= 5
    }
}

const _: () = assert!(LIMIT_MS == 500.0, "the rules above count what crossed half a second");
