use std::time::Duration;

use async_trait::async_trait;
use handover_core::{BySlot, ReleaseId, Retry, Slot};
use handover_runbook::{Decision, Signals, StepError, Watch};
use handover_traffic::verify::share_bound;
use handover_traffic::{Proof, Split};
use serde_json::{Value, json};

use super::{failed, not_switched};
use crate::{Plan, ProbeAnswer, World, WorldError};

/// Fresh connections that must all be answered by the one release with the traffic.
///
/// If a share s still reached the other release, all of them would agree with probability (1-s)^16: below 1 in 5
/// for s = 10 %. More would not help where the backend is atomic; where it is not, its own bound is waited for.
const PROBES: u32 = 16;

/// Probes for a share below the whole. None of 60 excludes a share of 16 % and more, all of them one below 84 %.
const SAMPLE: u32 = 60;

/// Between two rounds of probes, while a backend converges.
const PAUSE: Duration = Duration::from_millis(100);

/// Proves where traffic goes: the split read back and, where one release has everything, probes from outside.
#[derive(Debug)]
pub(crate) struct Verify {
    pub(crate) world: World,
    pub(crate) split: Split,
    /// The release whose share it is, and its slot.
    pub(crate) answers: ReleaseId,
    pub(crate) slot: Slot,
}

impl Verify {
    /// That stable has everything again.
    pub(crate) fn restored(plan: &Plan, world: World) -> Self {
        let answers = plan.stable.clone().unwrap_or_else(|| plan.candidate.clone());
        let slot = plan.slot.other();
        Self { world, split: Split::all(slot), answers, slot }
    }
}

#[async_trait]
impl Watch for Verify {
    async fn watch(&self, _: &Signals) -> Result<Decision, StepError> {
        let found = self.world.split().await.map_err(|e| not_switched("could not read the split", e))?;
        if found != self.split {
            let why = format!("the split is {found}, not {} as was set: somebody else moved it", self.split);
            return Ok(Decision::TurnBack { why, evidence: json!({ "found": found }) });
        }
        Ok(Decision::Proceed(proof_value(self.prove().await?)))
    }
}

impl Verify {
    pub(super) async fn prove(&self) -> Result<Proof, StepError> {
        let front = &self.world.front;
        match self.split.sole() {
            _ if !front.names_releases() => Ok(Proof::ReadBack),
            Some(slot) => self.all_answer(slot).await,
            None if front.deals_like_users() => self.share_answers().await,
            None => Ok(Proof::ReadBack),
        }
    }

    /// That the wanted release answers every probe; where the backend counts, that it took them and the other none.
    async fn all_answer(&self, slot: Slot) -> Result<Proof, StepError> {
        let before = self.served().await;
        let probed = self.probed().await?;
        let (Some(before), Some(after)) = (before, self.served().await) else { return Ok(probed) };
        let moved = |slot: Slot| after[slot].saturating_sub(before[slot]);
        let counted = moved(slot) >= u64::from(PROBES) && moved(slot.other()) == 0;
        Ok(if counted { Proof::Counted { moved: moved(slot) } } else { probed })
    }

    async fn served(&self) -> Option<BySlot<u64>> {
        self.world.traffic.observe().await.ok()?.served
    }

    /// That the wanted release answers as many probes as its share makes believable.
    async fn share_answers(&self) -> Result<Proof, StepError> {
        let slot = self.slot;
        let mut last = String::new();
        for round in 0..ROUNDS {
            if round > 0 {
                tokio::time::sleep(PAUSE).await;
            }
            let hits = self.sample().await;
            if share_bound(hits, SAMPLE).allows(self.split.bps(slot)) {
                return Ok(Proof::Probed { probes: SAMPLE, hits });
            }
            last = format!("it answered {hits} of {SAMPLE} probes, and its share is {}", self.split);
        }
        let error = WorldError { message: last, retry: Retry::After(PAUSE), fenced: false, source: None };
        Err(failed(format!("could not prove the share of release {}", self.answers), error))
    }

    async fn sample(&self) -> u32 {
        let mut hits = 0;
        for _ in 0..SAMPLE {
            let answer = self.world.front.probe().await;
            hits += u32::from(answer == ProbeAnswer::Release(self.answers.clone()));
        }
        hits
    }

    /// Probes until one whole round is answered by the wanted release; the engine bounds how long.
    async fn probed(&self) -> Result<Proof, StepError> {
        let mut last = String::new();
        for round in 0..ROUNDS {
            if round > 0 {
                tokio::time::sleep(PAUSE).await;
            }
            match self.round().await {
                Ok(()) => return Ok(Proof::Probed { probes: PROBES, hits: PROBES }),
                Err(said) => last = said,
            }
        }
        let error = WorldError { message: last, retry: Retry::After(PAUSE), fenced: false, source: None };
        Err(failed(format!("could not prove that release {} answers", self.answers), error))
    }

    async fn round(&self) -> Result<(), String> {
        for _ in 0..PROBES {
            match self.world.front.probe().await {
                ProbeAnswer::Release(release) if release == self.answers => {}
                ProbeAnswer::Release(other) => return Err(format!("release {other} answered")),
                ProbeAnswer::Nobody(why) => return Err(why),
            }
        }
        Ok(())
    }
}

/// Rounds within one attempt.
const ROUNDS: u32 = 20;

fn proof_value(proof: Proof) -> Value {
    serde_json::to_value(proof).unwrap_or(Value::Null)
}
