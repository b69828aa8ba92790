//! Windows in, answers out.

use handover_monitor::{
    Action, Analysis, DecisionMatrix, Metric, SequentialAnalysis, SequentialLimits, ThresholdAnalysis,
    ThresholdLimits, Verdict, WindowPair,
};
use serde::Serialize;

use super::line::{self, Line};

/// How long a release's first window lasted, as far as anybody knows.
const FIRST_MS: u64 = 1_000;

/// One release after the other.
pub(super) struct Replay {
    fresh: Box<dyn Fn() -> Box<dyn Analysis>>,
    analysis: Box<dyn Analysis>,
    /// When the last window ended, and how many there were.
    last: Option<f64>,
    seq: u64,
    /// What the release was taken back for: it stays so until the next one.
    back: Option<String>,
    lines: u64,
    refused: Option<Refused>,
}

/// Lines that made no sense.
#[derive(Debug, Clone)]
pub(super) struct Refused {
    pub(super) lines: u64,
    pub(super) first: u64,
    pub(super) why: String,
}

/// The answer to a window.
#[derive(Serialize)]
struct Answer<'a> {
    verdict: Action,
    metric: Metric,
    log_e: Option<f64>,
    reason: &'a str,
}

/// The answer to a line that was refused.
#[derive(Serialize)]
struct No<'a> {
    error: &'a str,
    line: u64,
}

impl Replay {
    pub(super) fn sequential(limits: SequentialLimits, matrix: DecisionMatrix) -> Self {
        Self::new(Box::new(move || {
            Box::new(SequentialAnalysis::new(limits.clone()).with_matrix(matrix.clone()))
        }))
    }

    pub(super) fn threshold(limits: ThresholdLimits) -> Self {
        Self::new(Box::new(move || Box::new(ThresholdAnalysis::new(limits.clone()))))
    }

    fn new(fresh: Box<dyn Fn() -> Box<dyn Analysis>>) -> Self {
        Self { analysis: fresh(), fresh, last: None, seq: 0, back: None, lines: 0, refused: None }
    }

    /// How many lines there were.
    pub(super) const fn lines(&self) -> u64 {
        self.lines
    }

    /// What was refused, if anything was.
    pub(super) fn refused(&self) -> Option<Refused> {
        self.refused.clone()
    }

    /// The answer to a line; an empty line and a reset have none.
    pub(super) fn answer(&mut self, text: &[u8]) -> Option<String> {
        self.lines += 1;
        if text.trim_ascii().is_empty() {
            return None;
        }
        match line::read(text).and_then(|line| self.take(line)) {
            Ok(answer) => answer,
            Err(why) => Some(self.refuse(why)),
        }
    }

    /// The answer to a line without end.
    pub(super) fn too_long(&mut self) -> String {
        self.lines += 1;
        self.refuse("longer than a megabyte".into())
    }

    fn take(&mut self, line: Line) -> Result<Option<String>, String> {
        match line {
            Line::Reset => {
                self.analysis = (self.fresh)();
                (self.last, self.seq, self.back) = (None, 0, None);
                Ok(None)
            }
            Line::Window { at, pair } => self.judge(at, *pair).map(Some),
        }
    }

    fn judge(&mut self, at: f64, mut pair: WindowPair) -> Result<String, String> {
        pair.lasted_ms = match self.last {
            Some(last) if at < last => {
                return Err(format!("t is {at}, before the {last} of the window before"));
            }
            Some(last) => millis(at - last),
            None => FIRST_MS,
        };
        self.last = Some(at);
        self.seq += 1;
        pair.seq = self.seq;
        if let Some(back) = &self.back {
            return Ok(back.clone());
        }
        self.analysis.observe(&pair);
        let verdict = self.analysis.verdict();
        let answer = told(&verdict);
        if verdict.action == Action::RollBack {
            self.back = Some(answer.clone());
        }
        Ok(answer)
    }

    fn refuse(&mut self, why: String) -> String {
        let answer = json(&No { error: &why, line: self.lines });
        let refused = self.refused.get_or_insert(Refused { lines: 0, first: self.lines, why });
        refused.lines += 1;
        answer
    }
}

fn told(verdict: &Verdict) -> String {
    let log_e = verdict.evidence.odds.map(|odds| odds.log_e);
    json(&Answer { verdict: verdict.action, metric: verdict.metric, log_e, reason: &verdict.reason })
}

fn json(answer: &impl Serialize) -> String {
    serde_json::to_string(answer).unwrap_or_default()
}

fn millis(seconds: f64) -> u64 {
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "the cast saturates, as wanted"
    )]
    let millis = (seconds * 1e3).round() as u64;
    millis
}
