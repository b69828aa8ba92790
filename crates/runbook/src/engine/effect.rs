//! Bringing an effect about: look, write down what is meant, act, look again.

use std::time::Duration;

use handover_core::Retry;
use serde_json::Value;
use tokio::time::Instant;

use super::driver::{Driver, Left, Stop};
use super::patience::Patience;
use crate::{Body, Effect, Op, Step, StepError};

/// How soon a state that is not yet the wanted one is looked at again.
const LOOK_AGAIN: Duration = Duration::from_millis(250);

/// What to do about the state found.
enum Next {
    /// It is the wanted one.
    Done,
    /// Act.
    Act,
    /// It is somebody's work in progress, perhaps our own earlier call: look again soon.
    Settle,
    /// Somebody else acted.
    Conflict,
}

impl Driver<'_> {
    /// Makes the state of `effect` the wanted one, recording intent and proof.
    pub(super) async fn bring_about(&mut self, step: &Step, effect: &dyn Effect) -> Result<(), Left> {
        let mut patience = self.patience();
        let mut strange_since = None;
        let mut accepted = false;
        loop {
            let found = match self.during(effect.observe()).await? {
                Ok(found) => found,
                Err(error) => {
                    self.bear(step, error, &mut patience).await?;
                    continue;
                }
            };
            match self.next(step, effect, &found, &mut strange_since) {
                Next::Done => return self.verified(step, effect, found).await,
                Next::Settle => self.during(tokio::time::sleep(LOOK_AGAIN)).await?,
                Next::Conflict => {
                    accepted = false;
                    self.conflict(step, &found, &mut patience).await?;
                }
                // What was found before a pause may not be so after it.
                Next::Act if self.gate().await? => patience.renew(),
                Next::Act if accepted => {
                    accepted = false;
                    self.bear(step, without_effect(effect, &found), &mut patience).await?;
                }
                Next::Act => {
                    strange_since = None;
                    match self.act(step, effect, found).await? {
                        Ok(()) => accepted = true,
                        Err(error) => self.bear(step, error, &mut patience).await?,
                    }
                }
            }
        }
    }

    fn next(&self, step: &Step, effect: &dyn Effect, found: &Value, strange: &mut Option<Instant>) -> Next {
        if effect.suffices(found) {
            return Next::Done;
        }
        let Some(open) = self.position.open_of(&step.name) else { return Next::Act };
        let approved = open.approved && open.conflict.as_ref() == Some(found);
        if *found == open.seen || approved {
            return Next::Act;
        }
        let since = *strange.get_or_insert_with(Instant::now);
        if since.elapsed() < self.engine.options.settle { Next::Settle } else { Next::Conflict }
    }

    /// Intends, unless the open intent stands, and applies once.
    async fn act(
        &mut self,
        step: &Step,
        effect: &dyn Effect,
        found: Value,
    ) -> Result<Result<(), StepError>, Left> {
        self.intend(step, effect, found).await?;
        let Some(open) = self.position.open_of(&step.name) else { return Ok(Ok(())) };
        let op = Op { id: open.op.clone(), fence: self.pen.fence() };
        // The process may have been stopped for any length of time since the last look.
        if !self.renewal.in_force() {
            return Err(Stop::Superseded.into());
        }
        self.during(effect.apply(&op)).await
    }

    /// Records an intent, unless the one that is open still says what is so.
    async fn intend(&mut self, step: &Step, effect: &dyn Effect, seen: Value) -> Result<(), Left> {
        if self.position.open_of(&step.name).is_some_and(|open| open.seen == seen) {
            return Ok(());
        }
        let op = self.position.next_op(self.run, &step.name);
        Ok(self.record(Body::Intent { step: step.name.clone(), op, want: effect.want(), seen }).await?)
    }

    async fn verified(&mut self, step: &Step, effect: &dyn Effect, proof: Value) -> Result<(), Left> {
        if self.position.open_of(&step.name).is_none() {
            self.intend(step, effect, proof.clone()).await?;
        }
        Ok(self.record(Body::Verified { step: step.name.clone(), proof }).await?)
    }

    /// Forward, a person decides: going on over somebody else's change could undo their repair. On the way
    /// back nobody is waited for: it leads to the state known to be good, from wherever things are.
    async fn conflict(&mut self, step: &Step, found: &Value, patience: &mut Patience) -> Result<(), Left> {
        let known = self.position.open_of(&step.name).and_then(|open| open.conflict.as_ref());
        if known != Some(found) {
            self.record(Body::Conflicted { step: step.name.clone(), found: found.clone() }).await?;
        }
        if self.forward() {
            patience.renew();
            return self.approval().await;
        }
        if let Some(open) = &mut self.position.open {
            open.approved = true;
        }
        self.bear(step, error(format!("somebody else changed the state to {found}")), patience).await
    }

    async fn approval(&mut self) -> Result<(), Left> {
        while self.position.open.as_ref().is_some_and(|open| !open.approved) {
            let poll = self.engine.options.poll;
            self.during(tokio::time::sleep(poll)).await?;
        }
        Ok(())
    }
}

fn without_effect(effect: &dyn Effect, found: &Value) -> StepError {
    error(format!("the change was accepted, yet the state is still {found} and not {}", effect.want()))
}

fn error(attempted: String) -> StepError {
    StepError { attempted, retry: Retry::After(LOOK_AGAIN), fenced: false, source: None }
}
