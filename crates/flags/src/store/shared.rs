use std::collections::BTreeMap;
use std::sync::Arc;

use async_trait::async_trait;

use super::{
    AuditEntry, Capabilities, Change, Contents, FlagStore, Key, LastUse, Receipt, Seen, StoreError, Usage,
    Watch,
};
use crate::FlagName;

/// A store that several hold.
#[async_trait]
#[deny(clippy::missing_trait_methods)]
impl<S: FlagStore + ?Sized> FlagStore for Arc<S> {
    fn name(&self) -> String {
        (**self).name()
    }

    fn capabilities(&self) -> Capabilities {
        (**self).capabilities()
    }

    async fn load(&self) -> Result<Contents, StoreError> {
        (**self).load().await
    }

    async fn put(&self, key: &Key, text: &str, change: &Change) -> Result<Receipt, StoreError> {
        (**self).put(key, text, change).await
    }

    async fn remove(&self, key: &Key, change: &Change) -> Result<Receipt, StoreError> {
        (**self).remove(key, change).await
    }

    fn watch(&self) -> Watch {
        (**self).watch()
    }

    async fn audit(&self, newest: usize) -> Result<Vec<AuditEntry>, StoreError> {
        (**self).audit(newest).await
    }

    async fn report_seen(&self, seen: &Seen) -> Result<(), StoreError> {
        (**self).report_seen(seen).await
    }

    async fn seen(&self) -> Result<Vec<Seen>, StoreError> {
        (**self).seen().await
    }

    async fn report_usage(&self, usage: &Usage) -> Result<(), StoreError> {
        (**self).report_usage(usage).await
    }

    async fn usage(&self) -> Result<BTreeMap<FlagName, LastUse>, StoreError> {
        (**self).usage().await
    }

    async fn accept(&self, change: &Change) -> Result<(), StoreError> {
        (**self).accept(change).await
    }

    fn cannot(&self, what: &'static str) -> StoreError {
        (**self).cannot(what)
    }
}
