//! Writes records in order, and keeps those that could not be written.

use std::collections::VecDeque;
use std::time::Duration;

use handover_core::{Fence, Retry, RunId};
use tokio::time::{sleep, timeout};

use crate::{Body, Journal, JournalError};

/// On the way back a journal that does not answer must not hold up the effects for longer than this.
const IMPATIENT: Duration = Duration::from_secs(2);
/// How often a write is tried while there is time.
const TRIES: u32 = 4;
const BETWEEN: Duration = Duration::from_millis(200);

pub(super) struct Pen<'a> {
    journal: &'a dyn Journal,
    run: &'a RunId,
    fence: Fence,
    next_seq: u64,
    unwritten: VecDeque<Body>,
}

impl<'a> Pen<'a> {
    pub(super) fn new(journal: &'a dyn Journal, run: &'a RunId, fence: Fence, next_seq: u64) -> Self {
        Self { journal, run, fence, next_seq, unwritten: VecDeque::new() }
    }

    pub(super) fn fence(&self) -> Fence {
        self.fence
    }

    /// Puts `body` after everything not yet written.
    pub(super) fn add(&mut self, body: Body) {
        self.unwritten.push_back(body);
    }

    /// Writes everything, trying for a while.
    pub(super) async fn write(&mut self) -> Result<(), JournalError> {
        let mut tries = 1;
        loop {
            let Err(error) = self.write_once().await else { return Ok(()) };
            let wait = match error.retry() {
                Retry::After(wait) if tries < TRIES => wait,
                Retry::AfterReadBack if tries < TRIES => BETWEEN,
                _ => return Err(error),
            };
            tries += 1;
            sleep(wait).await;
        }
    }

    /// Writes what can be written at once.
    pub(super) async fn try_write(&mut self) -> Result<(), JournalError> {
        match timeout(IMPATIENT, self.write_once()).await {
            Ok(written) => written,
            Err(late) => {
                let attempted = format!("write to the journal within {IMPATIENT:?}");
                Err(JournalError::Unavailable { attempted, source: late.into() })
            }
        }
    }

    async fn write_once(&mut self) -> Result<(), JournalError> {
        while let Some(body) = self.unwritten.front() {
            match self.journal.append(self.run, self.next_seq, self.fence, body.clone()).await {
                Ok(_) => {}
                // An earlier try of this same record may have got through without saying so.
                Err(JournalError::Taken { .. }) if self.is_written(body).await => {}
                Err(error) => return Err(error),
            }
            self.unwritten.pop_front();
            self.next_seq += 1;
        }
        Ok(())
    }

    /// A fence is given out once, so a record with ours was written by us.
    async fn is_written(&self, body: &Body) -> bool {
        let records = self.journal.read(self.run, self.next_seq).await.unwrap_or_default();
        records.first().is_some_and(|record| record.fence == self.fence && record.body == *body)
    }
}
