//! A switcher in any language: a program that is asked over standard input and answers over standard output.
//!
//! One process per call, one JSON object in, one out; `docs/exec.md` is the protocol and `docs/exec.schema.json` its
//! schema. A process costs milliseconds, which is nothing beside what most control planes take, and it leaves nothing
//! behind that could be in an unknown state: what must be remembered is the program's to keep, or a
//! [`Logbook`]'s.

mod child;
mod platform;
mod program;
#[cfg(test)]
mod tests;
mod wire;

use std::time::Duration;

use async_trait::async_trait;
use handover_core::Slot;
use serde::de::DeserializeOwned;
use tokio::time::Instant;

use self::child::NoAnswer;
pub use self::program::Program;
use self::wire::{Call, Claims, Complaint, Sight};
use crate::logbook::{Logbook, WithLogbook};
use crate::{
    BoxError, Capabilities, Change, Drained, Feature, Mode, Observed, Route, SwitchError, TrafficSwitcher,
    TrafficSwitcherExt,
};

/// How the backend calls itself in errors.
const NAME: &str = "the switcher program";

/// A backend that is a program of somebody's own.
///
/// Each call starts the [`Program`] once. A program that gives no usable answer (it hangs, dies, floods, answers
/// nonsense) is killed with its whole process group; so is one whose caller gave up. What that means is the method's:
/// `apply` is then `Unconfirmed`, `observe` `Unreachable`, `drain` `Unconfirmed`.
#[derive(Debug, Clone)]
pub struct Exec {
    program: Program,
    capabilities: Capabilities,
}

impl Exec {
    /// Asks `program` what it can express, once.
    ///
    /// # Errors
    ///
    /// [`SwitchError::Unreachable`] where it cannot be started or does not say.
    pub async fn connect(program: Program) -> Result<Self, SwitchError> {
        let claims: Claims = ask(&program, &Call::Capabilities, Duration::ZERO)
            .await
            .map_err(|failure| failure.of_a_read(None))?;
        Ok(Self { program, capabilities: claims.into() })
    }

    /// The same program with a memory: for one that keeps no revision, knows no operation by name, or sees no fence.
    pub const fn with_logbook(self, logbook: Logbook) -> WithLogbook<Self> {
        WithLogbook::new(self, logbook)
    }

    /// Who is asked.
    pub const fn program(&self) -> &Program {
        &self.program
    }

    async fn look(&self) -> Result<Observed, SwitchError> {
        let seen = ask::<Sight>(&self.program, &Call::Observe, Duration::ZERO).await;
        seen.map(Into::into).map_err(|failure| failure.of_a_read(None))
    }

    async fn make(&self, change: &Change) -> Result<Observed, SwitchError> {
        self.check(NAME, &change.route)?;
        let begun = Instant::now();
        let made = ask::<Sight>(&self.program, &Call::Apply { change }, Duration::ZERO).await;
        made.map(Into::into).map_err(|failure| failure.of_a_write(Some(change), begun))
    }

    async fn wait_for(&self, slot: Slot, limit: Duration) -> Result<Drained, SwitchError> {
        let begun = Instant::now();
        let drained = ask(&self.program, &Call::Drain { slot, limit }, limit).await;
        drained.map_err(|failure| failure.of_a_write(None, begun))
    }
}

#[async_trait]
impl TrafficSwitcher for Exec {
    fn capabilities(&self) -> Capabilities {
        self.capabilities.clone()
    }

    async fn observe(&self) -> Result<Observed, SwitchError> {
        self.look().await
    }

    async fn apply(&self, change: &Change) -> Result<Observed, SwitchError> {
        self.make(change).await
    }

    async fn drain(&self, slot: Slot, limit: Duration) -> Result<Drained, SwitchError> {
        self.wait_for(slot, limit).await
    }
}

/// Why a call did not succeed.
enum Failure {
    /// The program could not be started.
    NotStarted(BoxError),
    /// It gave no usable answer.
    Silent(BoxError),
    /// It answered with an error.
    Complained(Complaint),
}

/// One call: one process, one answer. It may last the program's own bound and `longer` on top.
async fn ask<T: DeserializeOwned>(
    program: &Program,
    call: &Call<'_>,
    longer: Duration,
) -> Result<T, Failure> {
    let request = wire::request(call).map_err(Failure::NotStarted)?;
    let said = child::run(program, &request, program.timeout.saturating_add(longer)).await;
    let said = said.map_err(|none| match none {
        NoAnswer::NotStarted(error) => Failure::NotStarted(error),
        NoAnswer::Silent(why) => Failure::Silent(why),
    })?;
    match wire::answer(&said.text) {
        Ok(Ok(_)) if !said.succeeded => Err(Failure::Silent(said.unusable("it said ok and failed"))),
        Ok(Ok(answer)) => Ok(answer),
        Ok(Err(complaint)) => Err(Failure::Complained(complaint.with(|text| program.blotted(&text)))),
        Err(why) => Err(Failure::Silent(said.unusable(&why))),
    }
}

impl Failure {
    /// Reading changes nothing, so silence is nobody there.
    fn of_a_read(self, change: Option<&Change>) -> SwitchError {
        match self {
            Self::NotStarted(source) | Self::Silent(source) => {
                SwitchError::Unreachable { backend: NAME, source }
            }
            Self::Complained(complaint) => complained(complaint, change, Duration::ZERO),
        }
    }

    /// Silence after something was asked for: it may have happened.
    fn of_a_write(self, change: Option<&Change>, begun: Instant) -> SwitchError {
        let after = begun.elapsed();
        match self {
            Self::NotStarted(source) => SwitchError::Unreachable { backend: NAME, source },
            Self::Silent(source) => SwitchError::Unconfirmed { backend: NAME, after, source: Some(source) },
            Self::Complained(complaint) => complained(complaint, change, after),
        }
    }
}

fn complained(complaint: Complaint, change: Option<&Change>, after: Duration) -> SwitchError {
    let because = |message: Option<String>| message.unwrap_or_else(|| "it gave no reason".into()).into();
    match (complaint, change) {
        (Complaint::Conflict { expected, found }, _) => SwitchError::Conflict { expected, found },
        (Complaint::Fenced { seen }, Some(change)) => SwitchError::Fenced { offered: change.fence, seen },
        (Complaint::Unsupported { .. }, Some(change)) => {
            SwitchError::Unsupported { backend: NAME, feature: needed(&change.route) }
        }
        (Complaint::Elsewhere { found }, _) => SwitchError::Elsewhere { backend: NAME, found },
        (Complaint::Throttled { after }, _) => SwitchError::Throttled { backend: NAME, after },
        (Complaint::Unreachable { message }, _) => {
            SwitchError::Unreachable { backend: NAME, source: because(message) }
        }
        (Complaint::Unconfirmed { message }, _) => {
            SwitchError::Unconfirmed { backend: NAME, after, source: Some(because(message)) }
        }
        (Complaint::Refused { message } | Complaint::Unsupported { message }, _) => {
            SwitchError::Refused { backend: NAME, source: because(message) }
        }
        (Complaint::Fenced { seen }, None) => {
            SwitchError::Refused { backend: NAME, source: format!("it has seen fence {seen}").into() }
        }
    }
}

/// What a route needs that not every backend has.
const fn needed(route: &Route) -> Feature {
    match route.mode {
        Mode::Hold { .. } => Feature::Hold,
        Mode::Serve => Feature::Weight(route.split),
    }
}
