//! Feature flags that are read in a nanosecond and switched in milliseconds.
//!
//! A service makes its [`Flags`] from a store and reads them: [`Flags::is_enabled`], or a [`FlagHandle`] where it matters. A
//! read looks at what is known in this process; it never waits, fails or allocates. Tasks behind it listen to the store, hold
//! the last values while it cannot be heard, and say how old those are ([`Flags::status`]). What a flag is when nothing is known
//! of it is said in the code: [`Safe`].
//!
//! A flag has a gate, `true` or `false`, which is the kill switch; and, under a key of their own, [`rules`] that say who gets it
//! while the gate is open. [`unleash`] takes both over from Unleash.
//!
//! To keep flags somewhere else, start at [`FlagStore`], and run the conformance kit (`testkit`) against it.
//!
//! | feature | adds |
//! |---|---|
//! | `redis`, `redis-tls` | `RedisStore`: plain keys, pushed to every process; the second speaks `rediss://` too |
//! | `file` | `FileStore`: a JSON file that is watched |
//! | `tower` | `tower::require_flag`: 503 while a flag is off |
//! | `openfeature` | `openfeature::OpenFeatureProvider` |
//! | `testing` | flags that a service's own tests set at will |
//! | `testkit` | the checks of what a store promises |
//!
//! Not for: values that must be the same in two processes at the same moment.

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
