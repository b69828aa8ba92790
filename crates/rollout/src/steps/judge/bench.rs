//! The one analysis of a run, whatever stage reads on.
//!
//! Evidence is gathered over the whole release, so a stage goes on from where the one before stopped: what was seen at
//! 10 % counts at 50 %, and a harmless release is not put to chance anew at each stage. A resumed driver begins with an
//! empty bench and rebuilds it from the ring of windows, so nothing is spent twice. What left the bounded ring before
//! it was read only makes a stage longer.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use handover_monitor::{
    Analysis, Pairs, SequentialAnalysis, SequentialLimits, ThresholdAnalysis, ThresholdLimits, Verdict,
    WindowPair,
};
use tokio::sync::{Mutex, MutexGuard};

use crate::{AnalysisKind, JudgeSpec};

/// Shared by the stages of a run; one of them sits at it at a time.
#[derive(Debug, Clone)]
pub(crate) struct Bench(Arc<Mutex<Reader>>);

/// What was read so far.
#[derive(Debug)]
pub(super) struct Reader {
    spec: JudgeSpec,
    analysis: Box<dyn Analysis>,
    epoch: Option<u64>,
    after: Option<u64>,
    seen: BTreeMap<u16, Seen>,
}

/// How long one share was watched, and how many of the candidate's requests were.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Seen {
    pub(super) time: Duration,
    pub(super) requests: u64,
}

impl Bench {
    pub(crate) fn new(spec: &JudgeSpec) -> Self {
        Self(Arc::new(Mutex::new(Reader::new(spec))))
    }

    pub(super) async fn sit(&self) -> MutexGuard<'_, Reader> {
        self.0.lock().await
    }
}

impl Reader {
    fn new(spec: &JudgeSpec) -> Self {
        let (spec, analysis) = (spec.clone(), analysis(spec));
        Self { spec, analysis, epoch: None, after: None, seen: BTreeMap::new() }
    }

    /// The last window that was read.
    pub(super) const fn after(&self) -> Option<u64> {
        self.after
    }

    pub(super) fn take(&mut self, pairs: &Pairs) {
        if self.epoch.is_some_and(|epoch| epoch != pairs.epoch) {
            // The agent began anew: its counters and its numbering start from zero.
            *self = Self::new(&self.spec);
        }
        self.epoch = Some(pairs.epoch);
        pairs.pairs.iter().for_each(|pair| self.take_one(pair));
    }

    fn take_one(&mut self, pair: &WindowPair) {
        self.after = Some(pair.seq);
        self.analysis.observe(pair);
        let seen = self.seen.entry(pair.candidate_bps).or_default();
        seen.time += Duration::from_millis(pair.lasted_ms);
        seen.requests += pair.candidate.n;
    }

    pub(super) fn verdict(&self) -> Verdict {
        self.analysis.verdict()
    }

    /// What was seen at this share.
    pub(super) fn seen(&self, bps: u16) -> Seen {
        self.seen.get(&bps).copied().unwrap_or_default()
    }
}

fn analysis(judge: &JudgeSpec) -> Box<dyn Analysis> {
    match judge.analysis {
        AnalysisKind::Sequential => Box::new(SequentialAnalysis::new(sequential(judge))),
        AnalysisKind::Threshold => Box::new(ThresholdAnalysis::new(thresholds(judge))),
    }
}

fn sequential(judge: &JudgeSpec) -> SequentialLimits {
    let mut limits = SequentialLimits::default();
    limits.max_error_rate = judge.max_error_rate;
    limits.max_p95 = judge.max_p95;
    limits.max_p95_ratio = judge.max_p95_ratio;
    limits.min_requests = judge.min_requests;
    limits.min_errors = judge.min_errors;
    limits.error_cluster = judge.error_cluster;
    limits.exact_share = judge.exact_share;
    limits
}

fn thresholds(judge: &JudgeSpec) -> ThresholdLimits {
    let mut limits = ThresholdLimits::default();
    limits.max_error_rate = judge.max_error_rate;
    limits.max_p95 = judge.max_p95;
    limits.max_p95_ratio = judge.max_p95_ratio;
    limits.min_requests = judge.min_requests;
    limits.min_errors = judge.min_errors;
    limits
}

#[cfg(test)]
mod tests {
    use handover_monitor::{Action, ArmWindow, Histogram};

    use super::*;
    use crate::OnNoData;

    fn spec() -> JudgeSpec {
        JudgeSpec {
            analysis: AnalysisKind::Sequential,
            max_error_rate: 0.05,
            max_p95: Duration::from_millis(500),
            max_p95_ratio: 2.0,
            min_requests: 20,
            min_errors: 3,
            error_cluster: 1.0,
            exact_share: true,
            on_no_data: OnNoData::Wait,
        }
    }

    fn pairs(epoch: u64, seqs: std::ops::RangeInclusive<u64>, bps: u16, failed: u64) -> Pairs {
        let arm = |n: u64, errors| {
            let hist: Histogram = (0..n).map(|_| Duration::from_millis(30)).collect();
            ArmWindow { n, errors, hist, ..ArmWindow::default() }
        };
        let pair = |seq| WindowPair {
            seq,
            epoch,
            candidate_bps: bps,
            lasted_ms: 250,
            candidate: arm(5, failed),
            stable: arm(45, 0),
        };
        Pairs { epoch, missed: 0, pairs: seqs.map(pair).collect() }
    }

    #[test]
    fn each_share_has_its_own_time_and_requests_and_all_have_one_evidence() {
        let mut reader = Reader::new(&spec());
        reader.take(&pairs(1, 1..=4, 1_000, 0));
        reader.take(&pairs(1, 5..=6, 5_000, 0));
        assert_eq!(reader.after(), Some(6));
        let seen = |reader: &Reader, bps| (reader.seen(bps).time.as_millis(), reader.seen(bps).requests);
        assert_eq!(
            (seen(&reader, 1_000), seen(&reader, 5_000), seen(&reader, 10_000)),
            ((1_000, 20), (500, 10), (0, 0))
        );
        let log_e = |reader: &Reader| reader.verdict().evidence.odds.expect("sequential").log_e;
        let before = log_e(&reader);
        reader.take(&pairs(1, 7..=7, 1_000, 3));
        let at_ten = log_e(&reader);
        reader.take(&pairs(1, 8..=8, 5_000, 0));
        let carried = log_e(&reader);
        assert!(at_ten > before + 1.0 && carried > before + 1.0, "{before}, {at_ten}, {carried}");
    }

    #[test]
    fn an_agent_that_began_anew_is_read_from_its_start() {
        let mut reader = Reader::new(&spec());
        reader.take(&pairs(1, 1..=9, 1_000, 5));
        assert_eq!(reader.verdict().action, Action::RollBack);
        reader.take(&pairs(2, 1..=1, 1_000, 0));
        assert_eq!((reader.after(), reader.seen(1_000).requests), (Some(1), 5));
        assert_ne!(reader.verdict().action, Action::RollBack);
    }
}
