use std::collections::HashSet;
use std::time::Duration;

use tokio::time::Instant;

use crate::store::{StoreEvent, Teller, Unwatched};

/// More different notices than this are not told: somebody plays with names.
const MOST: usize = 200;
/// What goes on is told again after this long.
const AGAIN: Duration = Duration::from_mins(1);

/// What an operator is told, without a flood.
#[derive(Debug, Default)]
pub(super) struct Notices {
    told: HashSet<String>,
    evicts: Option<Instant>,
}

impl Notices {
    /// Tells this once.
    pub(super) async fn once(&mut self, teller: &Teller, text: String) -> Result<(), Unwatched> {
        if self.told.len() >= MOST || !self.told.insert(text.clone()) {
            return Ok(());
        }
        teller.tell(StoreEvent::Noticed(text)).await
    }

    /// Tells this at most once a minute.
    pub(super) async fn evicts(&mut self, teller: &Teller, text: String) -> Result<(), Unwatched> {
        if self.evicts.is_some_and(|told| told.elapsed() < AGAIN) {
            return Ok(());
        }
        self.evicts = Some(Instant::now());
        teller.tell(StoreEvent::Noticed(text)).await
    }
}
