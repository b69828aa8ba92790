//! The walk over a program: forward, and back where it turned.

use handover_core::{Retry, RunId};
use serde_json::{Value, json};
use tokio::time::Instant;

use super::patience::Patience;
use super::pen::Pen;
use super::renewal::Renewal;
use super::{Engine, EngineError};
use crate::position::Position;
use crate::{Action, Body, Ending, JournalError, Program, Step, StepError};

/// One driver's work on one run.
pub(super) struct Driver<'a> {
    pub(super) engine: &'a Engine,
    pub(super) run: &'a RunId,
    pub(super) renewal: &'a Renewal,
    pub(super) position: Position,
    pub(super) pen: Pen<'a>,
    /// When orders are next looked for.
    pub(super) next_look: Instant,
    program: &'a Program,
}

/// Why a driver left its run without an ending.
#[derive(Debug)]
pub(super) enum Stop {
    /// Somebody else may act now.
    Superseded,
    Failed(EngineError),
}

/// Why a step was left without being done.
#[derive(Debug)]
pub(super) enum Left {
    Turn(Turn),
    Stop(Stop),
}

/// On the way forward: go back. On the way back: this step failed.
#[derive(Debug)]
pub(super) struct Turn {
    pub(super) why: String,
    pub(super) evidence: Value,
}

impl From<Turn> for Left {
    fn from(turn: Turn) -> Self {
        Self::Turn(turn)
    }
}

impl From<Stop> for Left {
    fn from(stop: Stop) -> Self {
        Self::Stop(stop)
    }
}

impl<'a> Driver<'a> {
    pub(super) fn new(
        engine: &'a Engine,
        run: &'a RunId,
        program: &'a Program,
        renewal: &'a Renewal,
        pen: Pen<'a>,
        position: Position,
    ) -> Self {
        Self { engine, run, renewal, position, pen, next_look: Instant::now(), program }
    }

    /// Goes on from the position to an ending.
    pub(super) async fn go(mut self) -> Result<Ending, Stop> {
        self.record(Body::Leased { holder: self.renewal.held().holder.clone() }).await?;
        if self.forward() {
            match self.go_forward().await {
                Ok(()) => return self.end(Ending::Done).await,
                Err(Left::Stop(stop)) => return Err(stop),
                Err(Left::Turn(Turn { why, evidence })) => self.turn(why, evidence).await?,
            }
        }
        let ending = self.go_back().await?;
        self.end(ending).await
    }

    /// Whether the run has not turned.
    pub(super) fn forward(&self) -> bool {
        self.position.turned.is_none()
    }

    /// Makes something count, and writes it. On the way forward it is written when this returns; on the way
    /// back, and for the order that leads to it, writing is tried.
    pub(super) async fn record(&mut self, body: Body) -> Result<(), Stop> {
        let forward = self.forward() && !matches!(body, Body::Turned { .. });
        self.position.fold(&body);
        self.pen.add(body);
        let must = forward && self.position.turn_wanted.is_none();
        let written = if must { self.pen.write().await } else { self.pen.try_write().await };
        match written {
            Err(error) if supersedes(&error) => Err(Stop::Superseded),
            Err(source) if must => Err(Stop::Failed(EngineError::Journal { run: self.run.clone(), source })),
            Ok(()) | Err(_) => Ok(()),
        }
    }

    /// Records that `step` is given up, and says what that means.
    pub(super) async fn give_up(&mut self, step: &Step, causes: Vec<String>) -> Left {
        let turn = failure(step, &causes);
        let recorded = self.record(Body::Failed { step: step.name.clone(), causes }).await;
        recorded.map_or_else(Left::Stop, |()| Left::Turn(turn))
    }

    /// Waits before the next try after `error`, or gives the step up.
    pub(super) async fn bear(
        &mut self,
        step: &Step,
        error: StepError,
        patience: &mut Patience,
    ) -> Result<(), Left> {
        if error.fenced {
            return Err(Stop::Superseded.into());
        }
        let wait = match error.retry {
            Retry::Never => None,
            Retry::After(wish) => patience.wait(wish),
            Retry::AfterReadBack => patience.wait(std::time::Duration::from_millis(250)),
        };
        match wait {
            Some(wait) => self.during(tokio::time::sleep(wait)).await,
            None => Err(self.give_up(step, causes(&error)).await),
        }
    }

    pub(super) fn patience(&self) -> Patience {
        let options = &self.engine.options;
        Patience::new(if self.forward() { options.forward_patience } else { options.back_patience })
    }

    async fn turn(&mut self, why: String, evidence: Value) -> Result<(), Stop> {
        self.record(Body::Turned { why, evidence }).await
    }

    async fn go_forward(&mut self) -> Result<(), Left> {
        self.heed()?;
        for step in &self.program.forward {
            if let Some(causes) = self.position.failed.get(&step.name) {
                return Err(failure(step, causes).into());
            }
            if !self.position.done.contains(&step.name) {
                self.walk(step).await?;
            }
        }
        // The last moment at which an order to go back can be followed.
        self.listen().await
    }

    async fn go_back(&mut self) -> Result<Ending, Stop> {
        let mut stuck = None;
        for step in &self.program.back {
            let skipped = stuck.is_some() && !step.even_if_stuck;
            if skipped || self.position.done.contains(&step.name) || !self.is_called_for(step) {
                continue;
            }
            let failed = self.position.failed.get(&step.name).map(|causes| failure(step, causes));
            let failed = match failed {
                Some(failed) => Err(Left::Turn(failed)),
                None => self.walk(step).await,
            };
            match failed {
                Err(Left::Stop(stop)) => return Err(stop),
                Err(Left::Turn(turn)) if !step.may_fail => stuck = stuck.or(Some(turn.why)),
                Ok(()) | Err(Left::Turn(_)) => {}
            }
        }
        if let Some(why) = stuck {
            return Ok(Ending::Stuck { why });
        }
        Ok(Ending::TurnedBack { why: self.position.turned.clone().unwrap_or_default() })
    }

    /// A step that undoes another is skipped when there is nothing to undo.
    fn is_called_for(&self, step: &Step) -> bool {
        step.undoes.as_ref().is_none_or(|undone| self.position.begun(undone))
    }

    async fn walk(&mut self, step: &Step) -> Result<(), Left> {
        match &step.action {
            Action::Effect(effect) => self.bring_about(step, effect.as_ref()).await,
            Action::Watch(watch) => self.watch(step, watch.as_ref()).await,
        }
    }

    async fn end(&mut self, ending: Ending) -> Result<Ending, Stop> {
        self.record(Body::Ended { ending: ending.clone() }).await?;
        // What the way back could not write is tried once more, with patience now.
        match self.pen.write().await {
            Ok(()) => Ok(ending),
            Err(error) if supersedes(&error) => Err(Stop::Superseded),
            Err(source) => {
                let run = self.run.clone();
                Err(Stop::Failed(EngineError::Unrecorded { run, ending, source }))
            }
        }
    }
}

/// Whether the journal says that another driver writes this run now.
fn supersedes(error: &JournalError) -> bool {
    matches!(error, JournalError::Taken { .. } | JournalError::Fenced { .. } | JournalError::Over { .. })
}

fn failure(step: &Step, causes: &[String]) -> Turn {
    Turn { why: causes.join(": "), evidence: json!({ "step": step.name, "causes": causes }) }
}

fn causes(error: &StepError) -> Vec<String> {
    let mut causes = vec![error.to_string()];
    let mut next = std::error::Error::source(error);
    while let Some(cause) = next {
        causes.push(cause.to_string());
        next = cause.source();
    }
    causes
}
