use std::sync::Arc;

use async_trait::async_trait;

use super::{Breakable, Subject};
use crate::{FlagStore, Held, Key, MemoryStore};

/// The reference in memory as a subject with all the sight the kit can use: an example of a harness, and what every
/// real store is compared with.
#[derive(Debug, Clone)]
pub struct Model {
    memory: MemoryStore,
    way: Breakable,
}

impl Model {
    /// An empty one.
    pub fn new() -> Self {
        let memory = MemoryStore::new();
        Self { way: Breakable::new(memory.clone()), memory }
    }

    /// The way to the store, for mutants to go along.
    pub(super) const fn way(&self) -> &Breakable {
        &self.way
    }

    /// The store itself, for mutants to spoil.
    pub(super) const fn memory(&self) -> &MemoryStore {
        &self.memory
    }
}

impl Default for Model {
    fn default() -> Self {
        Self::new()
    }
}

#[async_trait]
impl Subject for Model {
    fn store(&self) -> Arc<dyn FlagStore> {
        Arc::new(self.way.clone())
    }

    async fn write_past(&self, key: &Key, bytes: Option<&[u8]>) -> bool {
        self.memory.write_past(key, bytes.map(Held::from_bytes));
        true
    }

    async fn cut(&self) -> bool {
        self.way.cut();
        true
    }

    async fn heal(&self) {
        self.way.heal();
    }

    fn secrets(&self) -> Vec<String> {
        vec![super::mutants::SECRET.to_owned()]
    }
}
