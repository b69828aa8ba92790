//! The journal as the verbs that only look read it: one that is not there yet is an empty one.

use std::path::Path;
use std::sync::Arc;

use handover_core::RunId;
use handover_runbook::{Journal as _, JournalError, Record, RunSummary, SqliteStore};

use crate::exit::Exit;
use crate::report::Failure;
use crate::run;

/// What the journal of a service knows.
pub(super) struct Past {
    store: Option<Arc<SqliteStore>>,
}

impl Past {
    /// Opens the journal in the state folder; none is made.
    ///
    /// # Errors
    ///
    /// The file is there and cannot be used.
    pub(super) async fn open(state_dir: &Path) -> Result<Self, Failure> {
        if !state_dir.join(run::JOURNAL).exists() {
            return Ok(Self { store: None });
        }
        Ok(Self { store: Some(run::open_journal(state_dir).await?) })
    }

    /// The journal itself, where there is one.
    pub(super) fn store(&self) -> Option<&Arc<SqliteStore>> {
        self.store.as_ref()
    }

    /// Every run, the one written to last first.
    ///
    /// # Errors
    ///
    /// The journal cannot be read.
    pub(super) async fn runs(&self) -> Result<Vec<RunSummary>, Failure> {
        let Some(store) = &self.store else { return Ok(Vec::new()) };
        store.runs().await.map_err(|error| unread(&error))
    }

    /// What was recorded of `run`; nothing of one that the journal does not know.
    ///
    /// # Errors
    ///
    /// The journal cannot be read.
    pub(super) async fn records(&self, run: &RunId) -> Result<Vec<Record>, Failure> {
        let Some(store) = &self.store else { return Ok(Vec::new()) };
        store.read(run, 0).await.map_err(|error| unread(&error))
    }

    /// The named run, else the latest one, with its records.
    ///
    /// # Errors
    ///
    /// There is no such run, or the journal cannot be read.
    pub(super) async fn pick(
        &self,
        named: Option<&RunId>,
        attempted: &str,
    ) -> Result<(RunId, Vec<Record>), Failure> {
        let run = match named {
            Some(run) => run.clone(),
            None => self.runs().await?.into_iter().next().map(|latest| latest.run).ok_or_else(|| {
                Failure::new(attempted, Exit::Refused)
                    .because("there was no run of this service yet")
                    .hint("`handover deploy` begins the first one")
            })?,
        };
        let records = self.records(&run).await?;
        if records.is_empty() {
            return Err(Failure::new(attempted, Exit::Refused)
                .because(format!("the journal knows no run {run}"))
                .hint("`handover history` lists the runs"));
        }
        Ok((run, records))
    }
}

fn unread(error: &JournalError) -> Failure {
    Failure::of("could not read the journal", Exit::Refused, error)
}
