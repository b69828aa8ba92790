//! Durable steps: a journal, a lease, an engine that resumes, and orders people give it.
//!
//! A [`Program`] is a way forward and a way back, made of [`Effect`]s (bring something about) and
//! [`Watch`]es (wait for something). The [`Engine`] runs it under a [`Lease`], writes what it is about to
//! do to a [`Journal`] before it does it, and takes [`Order`]s from people on the way. Stopped at any
//! point, it resumes by looking at what is so. Start at [`Effect`], then [`Engine::run`].
//!
//! | feature | adds |
//! |---|---|
//! | `sqlite` | `SqliteStore`, `SqliteLease`: journal, orders and lease in one file |
//! | `testkit` | a journal that crashes at chosen points, a simulated outside, the crash suite |
//!
//! Not for: knowing what a step does. No word of deployments appears here.

mod chain;
mod ending;
mod engine;
mod in_memory;
mod journal;
mod lease;
mod order;
mod position;
mod record;
mod signals;
#[cfg(feature = "sqlite")]
mod sqlite;
mod step;
#[cfg(feature = "testkit")]
pub mod testkit;

pub use ending::Ending;
pub use engine::{Engine, EngineError, Options};
pub use in_memory::{InMemoryJournal, InMemoryLease};
pub use journal::{Checked, Journal, JournalError, RunSummary};
pub use lease::{Held, LEASE_TTL, Lease, LeaseError};
pub use order::{Numbered, Order, Orders};
pub use record::{Body, FORMAT, Record};
pub use signals::{Controls, Note, Signals};
#[cfg(feature = "sqlite")]
pub use sqlite::{SqliteLease, SqliteStore};
pub use step::{Action, Decision, Effect, Op, Program, Step, StepError, StepName, Watch};
