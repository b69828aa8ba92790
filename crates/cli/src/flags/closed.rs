use async_trait::async_trait;
use handover_flags::{Capabilities, Change, Contents, FlagStore, Key, Receipt, StoreError, Watch};

/// A store that could not be opened. It says why to whoever asks, so that a run goes on to where flags matter, and its
/// way back does not depend on them.
#[derive(Debug)]
pub(super) struct Closed {
    pub(super) why: String,
}

impl Closed {
    fn refuse<T>(&self) -> Result<T, StoreError> {
        Err(StoreError::Refused { store: self.name(), source: self.why.clone().into() })
    }
}

#[async_trait]
impl FlagStore for Closed {
    fn name(&self) -> String {
        "the store of flags".into()
    }

    fn capabilities(&self) -> Capabilities {
        Capabilities::READ_ONLY
    }

    async fn load(&self) -> Result<Contents, StoreError> {
        self.refuse()
    }

    async fn put(&self, _: &Key, _: &str, _: &Change) -> Result<Receipt, StoreError> {
        self.refuse()
    }

    async fn remove(&self, _: &Key, _: &Change) -> Result<Receipt, StoreError> {
        self.refuse()
    }

    fn watch(&self) -> Watch {
        Watch::spawn(|_| async {})
    }
}
