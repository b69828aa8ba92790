//! Judges the candidate over a stage, or over the bake.
//!
//! Time and counts of a stage are summed from the windows themselves; see [`bench`].

mod bench;
mod standing;

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use handover_monitor::{Action, Metric, Verdict};
use handover_runbook::{Decision, Signals, StepError, Watch};
use handover_traffic::Split;
use serde_json::{Value, json};
use tokio::time::Instant;

pub(crate) use self::bench::Bench;
use self::bench::{Reader, Seen};
use self::standing::{Patience, Standing};
use super::drift::drifted;
use super::failed;
use super::views::{is_clear_from_outside, is_cut_off, lost_from_outside, views_now};
use crate::words::words;
use crate::{OnNoData, Plan, Stage, World};

/// How long one poll for windows waits; also how late a changed signal is noticed at most.
const POLL: Duration = Duration::from_millis(100);

/// Watches the candidate at one share of the traffic.
#[derive(Debug)]
pub(crate) struct Judge {
    plan: Arc<Plan>,
    world: World,
    bench: Bench,
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

/// What this watch has said already.
#[derive(Debug, Default)]
struct Said {
    /// Both arms were failing at the last look.
    incident: bool,
    asked: bool,
}

/// One look: what was seen at this share, and what is made of everything.
struct Look {
    seen: Seen,
    verdict: Verdict,
}

/// Whether a stage may end.
enum StageEnd {
    NotYet,
    Enough,
    NoData(String),
    Ask,
}

impl Judge {
    /// Judges one stage before 100 %.
    pub(crate) fn stage(plan: Arc<Plan>, world: World, bench: Bench, stage: &Stage) -> Self {
        let &Stage { weight_bps, min_time, min_requests, max_time } = stage;
        let bounds = Bounds { bps: weight_bps, min_time, min_requests, max_time: Some(max_time) };
        Self { plan, world, bench, bounds }
    }

    /// Judges 100 % for the bake time. Silence does not prolong it: an idle service must be deployable.
    pub(crate) fn bake(plan: Arc<Plan>, world: World, bench: Bench) -> Self {
        let bounds = Bounds { bps: Split::WHOLE, min_time: plan.bake, min_requests: 0, max_time: None };
        Self { plan, world, bench, bounds }
    }
}

#[async_trait]
impl Watch for Judge {
    async fn watch(&self, signals: &Signals) -> Result<Decision, StepError> {
        let began = Instant::now();
        loop {
            match self.decided(signals, began).await {
                Err(error) if is_cut_off(&error, &self.world, signals).await => {}
                decided => return decided,
            }
        }
    }

    fn skippable(&self) -> bool {
        true
    }
}

impl Judge {
    async fn decided(&self, signals: &Signals, began: Instant) -> Result<Decision, StepError> {
        let split = self.plan.split(self.bounds.bps);
        tokio::select! {
            judged = self.judged(signals, began) => judged,
            drifted = drifted(&self.world, split) => drifted,
            lost = lost_from_outside(&self.world, signals) => lost,
        }
    }

    async fn judged(&self, signals: &Signals, began: Instant) -> Result<Decision, StepError> {
        let mut reader = self.bench.sit().await;
        let (mut said, mut patience) = (Said::default(), Patience::default());
        loop {
            let look = self.look(&mut reader).await?;
            // What the windows prove needs no second opinion, and each hop before it is time at the bad release.
            if look.verdict.action == Action::RollBack
                && let Some(back) = self.turn_back(&look.verdict).await?
            {
                return Ok(back);
            }
            let standing = Standing::of(&self.plan, &self.world).await?;
            if let Some(why) = patience.lost(&standing) {
                return Ok(Decision::TurnBack { why, evidence: Value::Null });
            }
            let decision = self.decide(&look, &mut said, signals).await;
            // One that is not ready just now may be again in a moment; nothing goes on before it is, nor before it was
            // seen from outside.
            let fit = standing == Standing::Ready && is_clear_from_outside(&self.world, began);
            let held = !fit && matches!(decision, Some(Decision::Proceed(_)));
            if let Some(decision) = decision.filter(|_| !held) {
                return Ok(decision);
            }
        }
    }

    async fn look(&self, reader: &mut Reader) -> Result<Look, StepError> {
        let pairs = self.world.windows.after(reader.after(), POLL).await;
        reader.take(&pairs.map_err(|e| failed("could not read windows", e.into()))?);
        Ok(Look { seen: reader.seen(self.bounds.bps), verdict: reader.verdict() })
    }

    async fn decide(&self, look: &Look, said: &mut Said, signals: &Signals) -> Option<Decision> {
        note_incident(&look.verdict, said, signals).await;
        match self.stage_end(look, signals) {
            StageEnd::NotYet => None,
            StageEnd::Enough if signals.paused() => None,
            StageEnd::Enough => Some(Decision::Proceed(self.evidence(look))),
            StageEnd::NoData(why) => Some(Decision::TurnBack { why, evidence: self.evidence(look) }),
            StageEnd::Ask => {
                self.ask(look, said, signals).await;
                None
            }
        }
    }

    fn stage_end(&self, look: &Look, signals: &Signals) -> StageEnd {
        let Bounds { min_time, min_requests, max_time, .. } = self.bounds;
        let Look { seen, verdict } = look;
        // Provably bad, and nowhere to go back to: not even a person's word makes that enough.
        if seen.time < min_time || verdict.action == Action::RollBack {
            return StageEnd::NotYet;
        }
        let silent = verdict.action == Action::Wait && verdict.metric == Metric::Traffic;
        let enough =
            seen.requests >= min_requests && (verdict.action != Action::Wait || min_requests == 0 && silent);
        if enough || signals.approvals() > 0 {
            return StageEnd::Enough;
        }
        let policy = self.plan.judge.on_no_data;
        if silent && (max_time.is_none() || policy == OnNoData::Promote) {
            return StageEnd::Enough;
        }
        if max_time.is_none_or(|limit| seen.time < limit) {
            return StageEnd::NotYet;
        }
        if silent && policy == OnNoData::Rollback {
            let (time, requests) = (words(seen.time), seen.requests);
            return StageEnd::NoData(format!("no proof after {time}: the candidate had {requests} requests"));
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

    fn evidence(&self, look: &Look) -> Value {
        let Look { seen, verdict } = look;
        let mut evidence = json!({
            "verdict": value(verdict),
            "stage_seconds": seen.time.as_secs_f64(),
            "stage_requests": seen.requests,
        });
        let views = views_now(&self.world);
        if !views.is_null() {
            evidence["views"] = views;
        }
        evidence
    }

    async fn ask(&self, look: &Look, said: &mut Said, signals: &Signals) {
        if !said.asked {
            said.asked = true;
            let (time, share) = (words(look.seen.time), f64::from(self.bounds.bps) / 100.0);
            signals.ask(&format!("{time} passed at {share} % without proof: {}", look.verdict.reason)).await;
        }
    }
}

/// An incident that both arms share is worth a record when it begins. Everything else is said when the step ends.
async fn note_incident(verdict: &Verdict, said: &mut Said, signals: &Signals) {
    let shared = verdict.action == Action::Wait && verdict.metric != Metric::Traffic;
    if shared && !said.incident {
        signals.note(json!({ "verdict": value(verdict) })).await;
    }
    said.incident = shared;
}

fn value(verdict: &Verdict) -> Value {
    serde_json::to_value(verdict).unwrap_or(Value::Null)
}
