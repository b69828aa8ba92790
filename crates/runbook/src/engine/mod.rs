//! Runs a program to its end, from wherever its journal says it stands.
//!
//! ```text
//! Engine::run ── acquires, renews ─► Renewal (a task of its own; when it is lost, everything is dropped)
//!      └► Driver ── steps ─► effect, watch ── orders ─► hearing
//!            └─ every record ─► Position (folded) and Pen (journal)
//! ```

mod driver;
mod effect;
mod error;
mod fit;
mod hearing;
mod options;
mod patience;
mod pen;
mod renewal;
mod watch;

use std::sync::Arc;

use handover_core::{Fence, RunId};
use serde_json::Value;

pub use error::EngineError;
pub use options::Options;

use crate::position::Position;
use crate::{Body, Ending, Journal, JournalError, Lease, Orders, Program, Record};
use driver::{Driver, Stop};
use pen::Pen;
use renewal::Renewal;

/// Drives runs: one journal, one lease, one order book.
#[derive(Debug, Clone)]
pub struct Engine {
    journal: Arc<dyn Journal>,
    lease: Arc<dyn Lease>,
    orders: Arc<dyn Orders>,
    options: Options,
}

impl Engine {
    /// An engine over these, with the usual options.
    pub fn new(journal: Arc<dyn Journal>, lease: Arc<dyn Lease>, orders: Arc<dyn Orders>) -> Self {
        Self { journal, lease, orders, options: Options::default() }
    }

    /// The same engine with these options.
    #[must_use]
    pub fn with_options(self, options: Options) -> Self {
        Self { options, ..self }
    }

    /// Fixes the plan of a new run, as its first record. Needs no lease.
    ///
    /// # Errors
    ///
    /// [`JournalError::Taken`] if there is such a run already; else as [`Journal::append`].
    pub async fn seal(&self, run: &RunId, plan: Value) -> Result<Record, JournalError> {
        self.journal.append(run, 0, Fence::ZERO, Body::Sealed { plan }).await
    }

    /// Runs `program` until `run` has ended, resuming where the journal leaves off.
    ///
    /// A run that has ended already does nothing and needs no lease. The program of a resumed run must
    /// have the same steps, made from the same plan. Needs a tokio runtime: the lease is renewed by a task.
    ///
    /// # Errors
    ///
    /// See [`EngineError`]: each variant says what was done.
    ///
    /// # Cancellation
    ///
    /// Dropping the future is like a crash: running again resumes. The lease then runs out by itself.
    pub async fn run(&self, run: &RunId, program: &Program) -> Result<Ending, EngineError> {
        if let Some(ending) = self.position(run, program).await?.ending {
            return Ok(ending);
        }
        let began = Renewal::begin(Arc::clone(&self.lease), self.options.take_over).await;
        let renewal = began.map_err(|source| EngineError::Lease { run: run.clone(), source })?;
        let outcome = tokio::select! {
            biased;
            () = renewal.lost() => Err(Stop::Superseded),
            outcome = Box::pin(self.drive(run, program, &renewal)) => outcome,
        };
        match outcome {
            Ok(ending) => {
                renewal.release().await;
                Ok(ending)
            }
            Err(Stop::Superseded) => {
                Err(EngineError::LeaseLost { run: run.clone(), fence: renewal.held().fence })
            }
            Err(Stop::Failed(error)) => {
                renewal.release().await;
                Err(error)
            }
        }
    }

    async fn drive(&self, run: &RunId, program: &Program, renewal: &Renewal) -> Result<Ending, Stop> {
        // Read again under the lease: another driver may have written until a moment ago.
        let position = self.position(run, program).await.map_err(Stop::Failed)?;
        if let Some(ending) = position.ending {
            return Ok(ending);
        }
        let pen = Pen::new(self.journal.as_ref(), run, renewal.held().fence, position.next_seq);
        Driver::new(self, run, program, renewal, pen, position).go().await
    }

    async fn position(&self, run: &RunId, program: &Program) -> Result<Position, EngineError> {
        let records = self.journal.read(run, 0).await;
        let records = records.map_err(|source| EngineError::Journal { run: run.clone(), source })?;
        let position = Position::after(&records);
        if position.ending.is_none() {
            fit::check(run, program, &position)?;
        }
        Ok(position)
    }
}
