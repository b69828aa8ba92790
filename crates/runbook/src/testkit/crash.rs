use std::future::pending;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use async_trait::async_trait;
use handover_core::{Fence, RunId};
use tokio::sync::watch;

use crate::{Body, Checked, Journal, JournalError, Record, RunSummary};

/// Before or after the record is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Side {
    /// The driver dies wanting to write it: between an effect and its record.
    Before,
    /// The driver dies with it written.
    After,
}

/// Where a driver dies.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CrashPoint {
    /// At which append of this driver's life; 0 is the first.
    pub append: u64,
    /// On which side of it.
    pub side: Side,
}

/// A journal whose driver dies at one append: the append never returns, and [`CrashingJournal::crashed`] does.
///
/// Whoever drives races the two and drops the driver, as a killed process drops its futures.
#[derive(Debug)]
pub struct CrashingJournal {
    inner: Arc<dyn Journal>,
    at: Option<CrashPoint>,
    appends: AtomicU64,
    crashed: watch::Sender<bool>,
}

impl CrashingJournal {
    /// `inner`, with a crash at this point; without one it only counts.
    pub fn new(inner: Arc<dyn Journal>, at: Option<CrashPoint>) -> Self {
        Self { inner, at, appends: AtomicU64::new(0), crashed: watch::Sender::new(false) }
    }

    /// How many appends there were.
    pub fn appends(&self) -> u64 {
        self.appends.load(Ordering::SeqCst)
    }

    /// Returns when the point was reached.
    pub async fn crashed(&self) {
        self.crashed.subscribe().wait_for(|crashed| *crashed).await.ok();
    }

    async fn crash(&self) -> ! {
        self.crashed.send_replace(true);
        pending().await
    }
}

#[async_trait]
impl Journal for CrashingJournal {
    async fn append(
        &self,
        run: &RunId,
        next_seq: u64,
        fence: Fence,
        body: Body,
    ) -> Result<Record, JournalError> {
        let append = self.appends.fetch_add(1, Ordering::SeqCst);
        let side = self.at.filter(|at| at.append == append).map(|at| at.side);
        if side == Some(Side::Before) {
            self.crash().await;
        }
        let written = self.inner.append(run, next_seq, fence, body).await;
        if side == Some(Side::After) {
            self.crash().await;
        }
        written
    }

    async fn read(&self, run: &RunId, from_seq: u64) -> Result<Vec<Record>, JournalError> {
        self.inner.read(run, from_seq).await
    }

    async fn runs(&self) -> Result<Vec<RunSummary>, JournalError> {
        self.inner.runs().await
    }

    async fn verify(&self) -> Result<Checked, JournalError> {
        self.inner.verify().await
    }
}
