//! Feature flags that are read in a nanosecond and switched in milliseconds.

mod name;
pub mod rules;
mod store;
mod stores;

pub use name::{FlagName, InvalidName};
pub use store::{
    AuditEntry, BoxError, Capabilities, Change, Contents, Delivery, FlagStore, Held, Key, LastUse, Receipt,
    Revision, Seen, StoreError, StoreEvent, Teller, Unwatched, Usage, Watch,
};
pub use stores::{EnvStore, Layered, MemoryStore};
#[cfg(feature = "redis")]
pub use stores::{InvalidAddress, RedisStore};
