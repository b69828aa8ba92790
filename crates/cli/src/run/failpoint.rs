//! Ends this driver by a real SIGKILL at a chosen record, so that tests and soaks can crash it everywhere in turn.
//!
//! Off unless `HANDOVER_FAILPOINT=driver-after-record=N` is in the agent's environment. A resumed driver writes later
//! records only, so each run is killed once.

use std::sync::Arc;

use async_trait::async_trait;
use handover_core::{Fence, RunId};
use handover_runbook::{Body, Checked, Journal, JournalError, Record, RunSummary};

/// The variable that names the record.
const VARIABLE: &str = "HANDOVER_FAILPOINT";
const PREFIX: &str = "driver-after-record=";

/// `journal`, or one that kills this process where the environment asks for it.
pub(crate) fn guarded(journal: Arc<dyn Journal>) -> Arc<dyn Journal> {
    let asked = std::env::var(VARIABLE).ok();
    match asked.as_deref().and_then(|text| text.strip_prefix(PREFIX)?.parse().ok()) {
        Some(seq) => Arc::new(DieAfter { journal, seq }),
        None => journal,
    }
}

#[derive(Debug)]
struct DieAfter {
    journal: Arc<dyn Journal>,
    seq: u64,
}

#[async_trait]
impl Journal for DieAfter {
    async fn append(
        &self,
        run: &RunId,
        next_seq: u64,
        fence: Fence,
        body: Body,
    ) -> Result<Record, JournalError> {
        let record = self.journal.append(run, next_seq, fence, body).await?;
        if record.seq == self.seq {
            // Nothing runs after this: no destructor, no flush, as in a real crash.
            let _ = rustix::process::kill_process(rustix::process::getpid(), rustix::process::Signal::KILL);
        }
        Ok(record)
    }

    async fn read(&self, run: &RunId, from_seq: u64) -> Result<Vec<Record>, JournalError> {
        self.journal.read(run, from_seq).await
    }

    async fn runs(&self) -> Result<Vec<RunSummary>, JournalError> {
        self.journal.runs().await
    }

    async fn verify(&self) -> Result<Checked, JournalError> {
        self.journal.verify().await
    }
}
