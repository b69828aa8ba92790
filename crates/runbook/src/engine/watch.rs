//! Sitting through a watch: its notes are kept, its person is heard.

use serde_json::json;
use tokio::time::Instant;

use super::driver::{Driver, Left, Turn};
use crate::{Body, Decision, Signals, Step, StepError, Watch};

impl Driver<'_> {
    /// Watches until there is a decision, and follows it.
    pub(super) async fn watch(&mut self, step: &Step, watch: &dyn Watch) -> Result<(), Left> {
        self.listen().await?;
        if !self.position.watches(&step.name) {
            self.record(Body::Watching { step: step.name.clone() }).await?;
        }
        let mut patience = self.patience();
        loop {
            let began = Instant::now();
            match self.decision(step, watch).await? {
                Ok(Decision::Proceed(evidence)) => {
                    return Ok(self.record(Body::Proceeded { step: step.name.clone(), evidence }).await?);
                }
                Ok(Decision::TurnBack { why, evidence }) if self.forward() => {
                    return Err(Turn { why, evidence }.into());
                }
                Ok(Decision::TurnBack { why, .. }) => return Err(self.give_up(step, vec![why]).await),
                Err(error) => {
                    // A watch that went well for long has not been failing since its first error.
                    if began.elapsed() > self.engine.options.forward_patience {
                        patience.renew();
                    }
                    self.bear(step, error, &mut patience).await?;
                }
            }
        }
    }

    async fn decision(
        &mut self,
        step: &Step,
        watch: &dyn Watch,
    ) -> Result<Result<Decision, StepError>, Left> {
        let (signals, mut controls) = Signals::controlled();
        let mut work = watch.watch(&signals);
        loop {
            if let Some(by) = self.position.skip().filter(|_| watch.skippable()) {
                return Ok(Ok(Decision::Proceed(json!({ "by": by }))));
            }
            controls.set(self.position.paused, self.position.approvals());
            tokio::select! {
                biased;
                note = controls.note() => {
                    let body = Body::Noted { step: step.name.clone(), note: note.value.clone() };
                    self.record(body).await?;
                    note.kept();
                }
                decision = &mut work => return Ok(decision),
                news = self.news() => self.take(news).await?,
            }
        }
    }
}
