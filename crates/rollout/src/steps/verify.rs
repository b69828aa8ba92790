use std::time::Duration;

use async_trait::async_trait;
use handover_core::{ReleaseId, Retry};
use handover_runbook::{Decision, Signals, StepError, Watch};
use handover_traffic::{Proof, Split};
use serde_json::{Value, json};

use super::{failed, not_switched};
use crate::{Plan, ProbeAnswer, World, WorldError};

/// Fresh connections that must all be answered by the one release with the traffic.
///
/// If a share s still reached the other release, all of them would agree with probability (1-s)^16: below 1 in 5
/// for s = 10 %. More would not help where the backend is atomic; where it is not, its own bound is waited for.
const PROBES: u32 = 16;

/// Between two rounds of probes, while a backend converges.
const PAUSE: Duration = Duration::from_millis(100);

/// Proves where traffic goes: the split read back and, where one release has everything, probes from outside.
#[derive(Debug)]
pub(crate) struct Verify {
    pub(crate) world: World,
    pub(crate) split: Split,
    /// The release that must answer once it has everything.
    pub(crate) answers: ReleaseId,
}

impl Verify {
    /// That stable has everything again.
    pub(crate) fn restored(plan: &Plan, world: World) -> Self {
        let answers = plan.stable.clone().unwrap_or_else(|| plan.candidate.clone());
        Self { world, split: Split::all(plan.slot.other()), answers }
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
        let proof = if self.split.sole().is_some() { self.probed().await? } else { Proof::ReadBack };
        Ok(Decision::Proceed(proof_value(proof)))
    }
}

impl Verify {
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
