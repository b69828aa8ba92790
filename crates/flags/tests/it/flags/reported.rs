use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use async_trait::async_trait;
use handover_flags::{
    Capabilities, Change, Contents, FlagStore, Held, Key, Receipt, Seen, StoreError, StoreEvent, Watch,
};
use tokio::sync::broadcast;
use tokio::time::Instant;

use super::{gate, settle};

/// A store whose values come from outside, and that counts who says what they have seen.
#[derive(Debug, Clone)]
pub(crate) struct Reported {
    changes: broadcast::Sender<Held>,
    reports: Arc<AtomicUsize>,
    /// How many of the first reports are refused.
    refused: Arc<AtomicUsize>,
}

impl Default for Reported {
    fn default() -> Self {
        Self { changes: broadcast::Sender::new(16), reports: Arc::default(), refused: Arc::default() }
    }
}

impl Reported {
    /// The gate of `x` is this now.
    pub(crate) async fn say(&self, text: &str) {
        self.changes.send(Held::from(text)).unwrap();
        settle().await;
    }

    pub(crate) fn refuse(&self, first: usize) {
        self.refused.store(first, Ordering::SeqCst);
    }

    pub(crate) fn reports(&self) -> usize {
        self.reports.load(Ordering::SeqCst)
    }
}

#[async_trait]
impl FlagStore for Reported {
    fn name(&self) -> String {
        "reported".to_owned()
    }

    fn capabilities(&self) -> Capabilities {
        Capabilities { seen: true, ..Capabilities::READ_ONLY }
    }

    async fn load(&self) -> Result<Contents, StoreError> {
        Ok(Contents::default())
    }

    async fn put(&self, _: &Key, _: &str, _: &Change) -> Result<Receipt, StoreError> {
        Err(self.cannot("be changed"))
    }

    async fn remove(&self, _: &Key, _: &Change) -> Result<Receipt, StoreError> {
        Err(self.cannot("be changed"))
    }

    fn watch(&self) -> Watch {
        let mut changes = self.changes.subscribe();
        Watch::spawn(|teller| async move {
            let contents = StoreEvent::Contents { contents: Contents::default(), as_of: Instant::now() };
            let _ = teller.tell(contents).await;
            while let Ok(held) = changes.recv().await {
                let changes = vec![(gate("x"), Some(held))];
                let _ =
                    teller.tell(StoreEvent::Changed { changes, revision: None, as_of: Instant::now() }).await;
            }
        })
    }

    async fn report_seen(&self, _: &Seen) -> Result<(), StoreError> {
        let number = self.reports.fetch_add(1, Ordering::SeqCst);
        if number < self.refused.load(Ordering::SeqCst) { Err(self.cannot("be told now")) } else { Ok(()) }
    }
}
