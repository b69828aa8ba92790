use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use handover_flags::{
    Capabilities, Change, Contents, Delivery, FlagStore, Held, Key, Receipt, Revision, StoreError,
    StoreEvent, Watch,
};
use tokio::sync::mpsc;
use tokio::time::Instant;

use super::settle;

/// A store that says what the test tells it to, and nothing else.
#[derive(Debug, Clone)]
pub(crate) struct Script {
    say: mpsc::UnboundedSender<StoreEvent>,
    said: Arc<Mutex<Option<mpsc::UnboundedReceiver<StoreEvent>>>>,
}

impl Script {
    pub(crate) fn new() -> Self {
        let (say, said) = mpsc::unbounded_channel();
        Self { say, said: Arc::new(Mutex::new(Some(said))) }
    }

    /// Says it, and lets whoever listens take it up.
    pub(crate) async fn say(&self, event: StoreEvent) {
        self.say.send(event).unwrap();
        settle().await;
    }

    pub(crate) async fn contents(&self, contents: Contents) {
        self.say(StoreEvent::Contents { contents, as_of: Instant::now() }).await;
    }

    pub(crate) async fn set(&self, key: Key, held: Option<&str>) {
        self.change(key, held.map(Held::from)).await;
    }

    pub(crate) async fn change(&self, key: Key, held: Option<Held>) {
        let changes = vec![(key, held)];
        self.say(StoreEvent::Changed { changes, revision: Some(Revision(7)), as_of: Instant::now() }).await;
    }

    pub(crate) async fn fresh(&self) {
        self.say(StoreEvent::Fresh { as_of: Instant::now() }).await;
    }

    pub(crate) async fn lose(&self) {
        let error =
            StoreError::Unreachable { store: "script".to_owned(), source: "the cable was cut".into() };
        self.say(StoreEvent::Lost(error)).await;
    }
}

#[async_trait]
impl FlagStore for Script {
    fn name(&self) -> String {
        "script".to_owned()
    }

    fn capabilities(&self) -> Capabilities {
        Capabilities::READ_ONLY
    }

    async fn load(&self) -> Result<Contents, StoreError> {
        Err(self.cannot("be loaded"))
    }

    async fn put(&self, _: &Key, _: &str, _: &Change) -> Result<Receipt, StoreError> {
        Err(self.cannot("be changed"))
    }

    async fn remove(&self, _: &Key, _: &Change) -> Result<Receipt, StoreError> {
        Err(self.cannot("be changed"))
    }

    fn watch(&self) -> Watch {
        let said = self.said.lock().unwrap().take();
        Watch::spawn(|teller| async move {
            let _ = teller.tell(StoreEvent::Delivery(Delivery::Push)).await;
            let Some(mut said) = said else { return std::future::pending().await };
            while let Some(event) = said.recv().await {
                if teller.tell(event).await.is_err() {
                    return;
                }
            }
        })
    }
}
