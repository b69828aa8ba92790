use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;

use crate::{FlagStore, Key};

/// What the kit examines: a store, and as much sight of the world behind it as there is.
///
/// Each store that can be cloned is a subject without further sight. A harness of your own adds some; every method but
/// the first is optional, and what is left out is reported as not claimed.
#[async_trait]
pub trait Subject: Send + Sync {
    /// The store under examination. Each call may open it anew: what one changes, all the others see.
    fn store(&self) -> Arc<dyn FlagStore>;

    /// How long one call, or the effect of one, may take before the kit calls it stuck. 10 s unless said otherwise.
    fn patience(&self) -> Duration {
        Duration::from_secs(10)
    }

    /// For points 2, 3, 8 and 9: puts bytes under a key past the store, as `redis-cli` or an editor does, or takes the key
    /// away. `false` where that cannot be done, or not with these bytes.
    async fn write_past(&self, key: &Key, bytes: Option<&[u8]>) -> bool {
        let _ = (key, bytes);
        false
    }

    /// For points 2 and 10: breaks the way to where the flags are, until [`heal`](Self::heal). `false` where it cannot be
    /// broken.
    async fn cut(&self) -> bool {
        false
    }

    /// Mends the way.
    async fn heal(&self) {}

    /// For point 10: every text that must appear nowhere, such as the password in the address.
    fn secrets(&self) -> Vec<String> {
        Vec::new()
    }

    /// For point 10: stores with the same secrets that cannot be used, such as one with a wrong password, or one where
    /// nobody listens.
    fn failing(&self) -> Vec<Arc<dyn FlagStore>> {
        Vec::new()
    }
}

impl<T: FlagStore + Clone + 'static> Subject for T {
    fn store(&self) -> Arc<dyn FlagStore> {
        Arc::new(self.clone())
    }
}
