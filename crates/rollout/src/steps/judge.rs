//! Judges the candidate over a stage, or over the bake.
//!
//! Time and counts of a stage are summed from the windows themselves, so a resumed driver rebuilds them from the
//! ring and nothing is spent twice. What left the bounded ring before it was read only makes a stage longer.

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use handover_monitor::{Action, Analysis, Metric, ThresholdAnalysis, ThresholdLimits, Verdict, WindowPair};
use handover_runbook::{Decision, Signals, StepError, Watch};
use handover_traffic::Split;
use serde_json::{Value, json};
use tokio::time::Instant;

use super::failed;
use crate::words::words;
use crate::{JudgeSpec, Kind, OnNoData, Plan, Stage, World};

/// How long one poll for windows waits; also how late a changed signal is noticed at most.
const POLL: Duration = Duration::from_millis(100);

/// As long as a release may take to become ready at all, by default.
const UNREADY_LIMIT: Duration = Duration::from_mins(1);

/// Watches the candidate at one share of the traffic.
#[derive(Debug)]
pub(crate) struct Judge {
    plan: Arc<Plan>,
    world: World,
    bounds: Bounds,
}

/// When a stage may end.
#[derive(Debug, Clone)]
struct Bounds {
    bps: u16,
    min_time: Duration,
    min_requests: u64,
    /// `None` for the bake, which ends by itself.
    max_time: Option<Duration>,
}

impl Judge {
    /// Judges one stage before 100 %.
    pub(crate) fn stage(plan: Arc<Plan>, world: World, stage: &Stage) -> Self {
        let &Stage { weight_bps, min_time, min_requests, max_time } = stage;
        let bounds = Bounds { bps: weight_bps, min_time, min_requests, max_time: Some(max_time) };
        Self { plan, world, bounds }
    }

    /// Judges 100 % for the bake time. Silence does not prolong it: an idle service must be deployable.
    pub(crate) fn bake(plan: Arc<Plan>, world: World) -> Self {
        let bounds = Bounds { bps: Split::WHOLE, min_time: plan.bake, min_requests: 0, max_time: None };
        Self { plan, world, bounds }
    }
}

#[async_trait]
impl Watch for Judge {
    async fn watch(&self, signals: &Signals) -> Result<Decision, StepError> {
        let mut progress = Progress::new(&self.plan.judge);
        loop {
            self.read(&mut progress).await?;
            let standing = self.stands().await?;
            if let Standing::Crashed(why) = standing {
                return Ok(Decision::TurnBack { why, evidence: Value::Null });
            }
            if let Some(why) = progress.unready_too_long(&standing) {
                return Ok(Decision::TurnBack { why, evidence: Value::Null });
            }
            let decision = self.decide(&mut progress, signals).await?;
            // One that is not ready just now may be again in a moment; nothing goes on before it is.
            let held = standing != Standing::Ready && matches!(decision, Some(Decision::Proceed(_)));
            if let Some(decision) = decision.filter(|_| !held) {
                return Ok(decision);
            }
        }
    }

    fn skippable(&self) -> bool {
        true
    }
}

/// How the candidate's processes stand.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Standing {
    Ready,
    /// Not every instance is; with what the launcher says.
    Unready(String),
    /// A process ended that nobody stopped: a release that does so under traffic is not fit for more of it.
    Crashed(String),
}

/// What was read so far in this watch.
struct Progress {
    analysis: ThresholdAnalysis,
    after: Option<u64>,
    epoch: Option<u64>,
    time: Duration,
    requests: u64,
    /// Both arms were failing at the last look.
    incident: bool,
    asked: bool,
    unready_since: Option<Instant>,
}

impl Progress {
    fn new(judge: &JudgeSpec) -> Self {
        Self {
            analysis: ThresholdAnalysis::new(limits(judge)),
            after: None,
            epoch: None,
            time: Duration::ZERO,
            requests: 0,
            incident: false,
            asked: false,
            unready_since: None,
        }
    }

    /// Why the candidate is to go back, once it has not been ready for too long.
    fn unready_too_long(&mut self, standing: &Standing) -> Option<String> {
        let Standing::Unready(summary) = standing else {
            self.unready_since = None;
            return None;
        };
        let since = *self.unready_since.get_or_insert_with(Instant::now);
        let limit = words(UNREADY_LIMIT);
        (since.elapsed() >= UNREADY_LIMIT)
            .then(|| format!("the candidate was not ready for {limit}: {summary}"))
    }

    fn take(&mut self, pair: &WindowPair, bps: u16) {
        self.after = Some(pair.seq);
        self.analysis.observe(pair);
        if pair.candidate_bps == bps {
            self.time += Duration::from_millis(pair.lasted_ms);
            self.requests += pair.candidate.n;
        }
    }
}

fn limits(judge: &JudgeSpec) -> ThresholdLimits {
    let mut limits = ThresholdLimits::default();
    limits.max_error_rate = judge.max_error_rate;
    limits.max_p95 = judge.max_p95;
    limits.max_p95_ratio = judge.max_p95_ratio;
    limits.min_requests = judge.min_requests;
    limits.min_errors = judge.min_errors;
    limits
}

impl Judge {
    async fn stands(&self) -> Result<Standing, StepError> {
        let candidate = &self.plan.candidate;
        let there = self.world.launcher.look(self.plan.slot).await;
        let there = there.map_err(|e| failed("could not ask for the candidate's health", e))?;
        let Some(occupant) = there.filter(|occupant| occupant.release == *candidate) else {
            return Ok(Standing::Crashed(format!("release {candidate} is no longer in {}", self.plan.slot)));
        };
        // A release that was kept warm may have been restarted before this run; one that was launched by it has not.
        if self.plan.kind == Kind::Deploy && occupant.restarts > 0 && self.plan.stable.is_some() {
            let times = occupant.restarts;
            let why = format!(
                "release {candidate} crashed: its processes ended by themselves {times} times; {}",
                occupant.summary
            );
            return Ok(Standing::Crashed(why));
        }
        Ok(if occupant.ready { Standing::Ready } else { Standing::Unready(occupant.summary) })
    }

    async fn read(&self, progress: &mut Progress) -> Result<(), StepError> {
        let pairs = self.world.windows.after(progress.after, POLL).await;
        let pairs = pairs.map_err(|e| failed("could not read windows", e))?;
        if progress.epoch.is_some_and(|epoch| epoch != pairs.epoch) {
            // The agent began anew: its counters and its numbering start from zero.
            *progress = Progress::new(&self.plan.judge);
        }
        progress.epoch = Some(pairs.epoch);
        for pair in &pairs.pairs {
            progress.take(pair, self.bounds.bps);
        }
        Ok(())
    }

    async fn decide(
        &self,
        progress: &mut Progress,
        signals: &Signals,
    ) -> Result<Option<Decision>, StepError> {
        let verdict = progress.analysis.verdict();
        self.note_incident(progress, &verdict, signals).await;
        if verdict.action == Action::RollBack {
            return self.turn_back(&verdict).await;
        }
        let outcome = self.stage_outcome(progress, &verdict, signals);
        match outcome {
            StageEnd::NotYet => Ok(None),
            StageEnd::Enough if signals.paused() => Ok(None),
            StageEnd::Enough => Ok(Some(Decision::Proceed(evidence(&verdict, progress)))),
            StageEnd::NoData(why) => Ok(Some(turn(why, &verdict, progress))),
            StageEnd::Ask => {
                self.ask(progress, &verdict, signals).await;
                Ok(None)
            }
        }
    }

    fn stage_outcome(&self, progress: &Progress, verdict: &Verdict, signals: &Signals) -> StageEnd {
        let Bounds { min_time, min_requests, max_time, .. } = self.bounds;
        let silent = verdict.action == Action::Wait && verdict.metric == Metric::Traffic;
        let enough = progress.requests >= min_requests
            && (verdict.action != Action::Wait || min_requests == 0 && silent);
        if progress.time < min_time {
            return StageEnd::NotYet;
        }
        if enough || signals.approvals() > 0 {
            return StageEnd::Enough;
        }
        let policy = self.plan.judge.on_no_data;
        if silent && (max_time.is_none() || policy == OnNoData::Promote) {
            return StageEnd::Enough;
        }
        if max_time.is_none_or(|limit| progress.time < limit) {
            return StageEnd::NotYet;
        }
        if silent && policy == OnNoData::Rollback {
            let why = format!(
                "no proof after {}: the candidate had {} requests",
                words(progress.time),
                progress.requests
            );
            return StageEnd::NoData(why);
        }
        StageEnd::Ask
    }

    /// At 100 % there is no contemporary baseline, so going back must at least lead somewhere that serves.
    async fn turn_back(&self, verdict: &Verdict) -> Result<Option<Decision>, StepError> {
        let way_back = match self.plan.stable_slot() {
            None => false,
            Some(_) if verdict.evidence.attributed => true,
            Some(slot) => {
                let there = self.world.launcher.look(slot).await;
                there.map_err(|e| failed("could not ask for stable's health", e))?.is_some_and(|o| o.ready)
            }
        };
        if way_back || self.plan.stable.is_none() {
            let why = verdict.reason.clone();
            return Ok(Some(Decision::TurnBack { why, evidence: value(verdict) }));
        }
        // The next window may come with a stable that serves again.
        Ok(None)
    }

    /// An incident that both arms share is worth a record when it begins. Everything else is said when the step ends.
    async fn note_incident(&self, progress: &mut Progress, verdict: &Verdict, signals: &Signals) {
        let shared = verdict.action == Action::Wait && verdict.metric != Metric::Traffic;
        if shared && !progress.incident {
            signals.note(json!({ "verdict": value(verdict) })).await;
        }
        progress.incident = shared;
    }

    async fn ask(&self, progress: &mut Progress, verdict: &Verdict, signals: &Signals) {
        if !progress.asked {
            progress.asked = true;
            let why = format!(
                "{} passed at {} % without proof: {}",
                words(progress.time),
                f64::from(self.bounds.bps) / 100.0,
                verdict.reason
            );
            signals.ask(&why).await;
        }
    }
}

/// Whether a stage may end.
enum StageEnd {
    NotYet,
    Enough,
    NoData(String),
    Ask,
}

fn turn(why: String, verdict: &Verdict, progress: &Progress) -> Decision {
    Decision::TurnBack { why, evidence: evidence(verdict, progress) }
}

fn evidence(verdict: &Verdict, progress: &Progress) -> Value {
    let seconds = progress.time.as_secs_f64();
    json!({ "verdict": value(verdict), "stage_seconds": seconds, "stage_requests": progress.requests })
}

fn value(verdict: &Verdict) -> Value {
    serde_json::to_value(verdict).unwrap_or(Value::Null)
}
