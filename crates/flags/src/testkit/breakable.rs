use std::collections::BTreeMap;
use std::sync::Arc;

use async_trait::async_trait;
use tokio::sync::watch;

use crate::{
    AuditEntry, Capabilities, Change, Contents, FlagName, FlagStore, Key, LastUse, Receipt, Seen, StoreError,
    StoreEvent, Teller, Unwatched, Usage, Watch,
};

/// A store behind a way that a test can cut and mend.
///
/// While it is cut, every call is [`StoreError::Unreachable`], and watches have told [`StoreEvent::Lost`]; mended, they
/// tell everything anew. Clones share the way.
#[derive(Debug, Clone)]
pub struct Breakable {
    inner: Arc<dyn FlagStore>,
    whole: watch::Sender<bool>,
}

impl Breakable {
    /// This store, with the way to it whole.
    pub fn new(inner: impl FlagStore + 'static) -> Self {
        Self { inner: Arc::new(inner), whole: watch::Sender::new(true) }
    }

    /// Cuts the way.
    pub fn cut(&self) {
        self.whole.send_replace(false);
    }

    /// Mends it.
    pub fn heal(&self) {
        self.whole.send_replace(true);
    }

    fn there(&self) -> Result<&dyn FlagStore, StoreError> {
        if *self.whole.borrow() { Ok(&*self.inner) } else { Err(lost(&self.inner.name())) }
    }
}

fn lost(store: &str) -> StoreError {
    StoreError::Unreachable { store: store.to_owned(), source: "the way to it is cut".into() }
}

#[async_trait]
#[deny(clippy::missing_trait_methods)]
impl FlagStore for Breakable {
    fn name(&self) -> String {
        self.inner.name()
    }

    fn capabilities(&self) -> Capabilities {
        self.inner.capabilities()
    }

    async fn load(&self) -> Result<Contents, StoreError> {
        self.there()?.load().await
    }

    async fn put(&self, key: &Key, text: &str, change: &Change) -> Result<Receipt, StoreError> {
        self.there()?.put(key, text, change).await
    }

    async fn remove(&self, key: &Key, change: &Change) -> Result<Receipt, StoreError> {
        self.there()?.remove(key, change).await
    }

    fn watch(&self) -> Watch {
        let (inner, whole) = (Arc::clone(&self.inner), self.whole.subscribe());
        Watch::spawn(|teller| async move {
            // It ends when nobody listens any more, or with the store.
            let _ = pass_on(&*inner, whole, teller).await;
        })
    }

    async fn audit(&self, newest: usize) -> Result<Vec<AuditEntry>, StoreError> {
        self.there()?.audit(newest).await
    }

    async fn report_seen(&self, seen: &Seen) -> Result<(), StoreError> {
        self.there()?.report_seen(seen).await
    }

    async fn seen(&self) -> Result<Vec<Seen>, StoreError> {
        self.there()?.seen().await
    }

    async fn report_usage(&self, usage: &Usage) -> Result<(), StoreError> {
        self.there()?.report_usage(usage).await
    }

    async fn usage(&self) -> Result<BTreeMap<FlagName, LastUse>, StoreError> {
        self.there()?.usage().await
    }

    async fn accept(&self, change: &Change) -> Result<(), StoreError> {
        self.there()?.accept(change).await
    }

    fn cannot(&self, what: &'static str) -> StoreError {
        self.inner.cannot(what)
    }
}

async fn pass_on(
    inner: &dyn FlagStore,
    mut whole: watch::Receiver<bool>,
    teller: Teller,
) -> Result<(), Unwatched> {
    loop {
        if *whole.borrow_and_update() {
            while_whole(inner.watch(), &mut whole, &teller).await?;
        }
        teller.tell(StoreEvent::Lost(lost(&inner.name()))).await?;
        whole.wait_for(|whole| *whole).await.map_err(|_| Unwatched)?;
    }
}

/// Passes events on until the way is cut, and then no more.
async fn while_whole(
    mut watch: Watch,
    whole: &mut watch::Receiver<bool>,
    teller: &Teller,
) -> Result<(), Unwatched> {
    loop {
        let event = tokio::select! {
            biased;
            cut = whole.wait_for(|whole| !*whole) => return cut.map(drop).map_err(|_| Unwatched),
            event = watch.next() => event.ok_or(Unwatched)?,
        };
        teller.tell(event).await?;
    }
}
