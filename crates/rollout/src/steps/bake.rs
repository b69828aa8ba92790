use async_trait::async_trait;
use handover_runbook::{Decision, Signals, StepError, Watch};
use serde_json::json;

use super::views::is_cut_off;
use super::{Drain, Judge};

/// Judges 100 % from its first moment, while the old release finishes what it began.
///
/// One after the other would leave the first seconds at full weight unjudged, and those are the dangerous ones.
#[derive(Debug)]
pub(crate) struct Bake {
    pub(crate) judge: Judge,
    pub(crate) drain: Option<Drain>,
}

#[async_trait]
impl Watch for Bake {
    async fn watch(&self, signals: &Signals) -> Result<Decision, StepError> {
        let (judged, drained) = (self.judge.watch(signals), self.drain(signals));
        tokio::pin!(judged, drained);
        tokio::select! {
            decision = &mut judged => match decision? {
                proceed @ Decision::Proceed(_) => drained.await.map(|()| proceed),
                back @ Decision::TurnBack { .. } => Ok(back),
            },
            drained = &mut drained => {
                drained?;
                judged.await
            }
        }
    }

    fn skippable(&self) -> bool {
        true
    }
}

impl Bake {
    async fn drain(&self, signals: &Signals) -> Result<(), StepError> {
        let Some(drain) = &self.drain else { return Ok(()) };
        loop {
            match drain.watch(signals).await {
                Err(error) if is_cut_off(&error, &drain.world, signals).await => {}
                Err(error) => return Err(error),
                Ok(Decision::Proceed(left)) => {
                    signals.note(json!({ "drained": left })).await;
                    return Ok(());
                }
                Ok(Decision::TurnBack { .. }) => return Ok(()),
            }
        }
    }
}
