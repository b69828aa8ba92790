use std::cmp::Reverse;
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use async_trait::async_trait;
use handover_core::{Clock, Fence, RunId, SystemClock, Timestamp};

use crate::chain::{self, Draft};
use crate::{Body, Checked, Journal, JournalError, Numbered, Order, Orders, Record, RunSummary};

/// A journal and an order book that are gone with the value.
#[derive(Debug)]
pub struct InMemoryJournal {
    clock: Arc<dyn Clock>,
    runs: Mutex<BTreeMap<RunId, Book>>,
}

#[derive(Debug, Default)]
struct Book {
    records: Vec<Record>,
    orders: Vec<Numbered>,
}

impl InMemoryJournal {
    /// An empty journal on the machine's clock.
    pub fn new() -> Self {
        Self::with_clock(Arc::new(SystemClock::new()))
    }

    /// An empty journal on this clock.
    pub fn with_clock(clock: Arc<dyn Clock>) -> Self {
        Self { clock, runs: Mutex::default() }
    }

    fn now(&self) -> Timestamp {
        self.clock.wall()
    }

    fn lock(&self) -> MutexGuard<'_, BTreeMap<RunId, Book>> {
        self.runs.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Default for InMemoryJournal {
    fn default() -> Self {
        Self::new()
    }
}

#[async_trait]
impl Journal for InMemoryJournal {
    async fn append(
        &self,
        run: &RunId,
        next_seq: u64,
        fence: Fence,
        body: Body,
    ) -> Result<Record, JournalError> {
        let at = self.now();
        let mut runs = self.lock();
        let last = runs.get(run).and_then(|book| book.records.last());
        let (record, _) = chain::next(last, Draft { run, next_seq, fence, at, body })?;
        runs.entry(run.clone()).or_default().records.push(record.clone());
        Ok(record)
    }

    async fn read(&self, run: &RunId, from_seq: u64) -> Result<Vec<Record>, JournalError> {
        let runs = self.lock();
        let records = runs.get(run).map_or(&[][..], |book| &book.records);
        check(records)?;
        Ok(records.iter().filter(|record| record.seq >= from_seq).cloned().collect())
    }

    async fn runs(&self) -> Result<Vec<RunSummary>, JournalError> {
        let runs = self.lock();
        let ends = runs.values().filter_map(|book| book.records.first().zip(book.records.last()));
        let mut all: Vec<_> = ends.map(|(first, last)| chain::summary(first, last)).collect();
        all.sort_by_key(|summary| Reverse((summary.last, summary.began)));
        Ok(all)
    }

    async fn verify(&self) -> Result<Checked, JournalError> {
        let mut checked = Checked::default();
        for book in self.lock().values().filter(|book| !book.records.is_empty()) {
            check(&book.records)?;
            checked.runs += 1;
            checked.records += book.records.len() as u64;
        }
        Ok(checked)
    }
}

#[async_trait]
impl Orders for InMemoryJournal {
    async fn after(&self, run: &RunId, number: u64) -> Result<Vec<Numbered>, JournalError> {
        let runs = self.lock();
        let orders = runs.get(run).map_or(&[][..], |book| &book.orders);
        Ok(orders.iter().filter(|order| order.number > number).cloned().collect())
    }

    async fn give(&self, run: &RunId, order: Order, by: &str) -> Result<u64, JournalError> {
        let at = self.now();
        let mut runs = self.lock();
        let orders = &mut runs.entry(run.clone()).or_default().orders;
        let number = orders.len() as u64 + 1;
        orders.push(Numbered { number, order, by: by.to_owned(), at });
        Ok(number)
    }
}

fn check(records: &[Record]) -> Result<(), JournalError> {
    let mut last = None;
    for record in records {
        chain::check(last, record, &chain::text(&record.body)?)?;
        last = Some(record);
    }
    Ok(())
}
