//! Feature flags that are read in a nanosecond and switched in milliseconds.

mod flags;
mod hot;
mod name;
#[cfg(feature = "openfeature")]
pub mod openfeature;
pub mod rules;
mod store;
mod stores;
#[cfg(feature = "testing")]
pub mod testing;
#[cfg(feature = "testkit")]
pub mod testkit;
#[cfg(feature = "tower")]
pub mod tower;
pub mod unleash;

pub use flags::{
    Evaluation, Flag, FlagEvent, FlagHandle, Flags, FlagsBuilder, OnStale, RegistryReport, Safe, Standing,
    Started, Status, Suspect, WipeGuard,
};
pub use hot::{Exposure, Reason, Source};
pub use name::{FlagName, InvalidName};
pub use rules::Context;
pub use store::{
    AuditEntry, BoxError, Capabilities, Change, Contents, Delivery, FlagStore, Held, Key, LastUse, Receipt,
    Revision, Seen, StoreError, StoreEvent, Teller, Unwatched, Usage, Watch,
};
#[cfg(feature = "file")]
pub use stores::FileStore;
pub use stores::{EnvStore, Layered, MemoryStore};
#[cfg(feature = "redis")]
pub use stores::{InvalidAddress, RedisStore};
