//! Everything a process knows about its own health, and how it is told.

mod builder;
mod check;
mod event;
mod fail_open;
mod handle;
mod invalid;
mod live;
mod report;
mod shared;
mod snapshot;
mod state;

pub use self::builder::HealthBuilder;
pub use self::check::{Check, Criticality};
pub use self::event::Event;
pub use self::fail_open::{FailOpen, Fleet, Tally};
pub use self::handle::Health;
pub use self::invalid::InvalidHealth;
pub use self::report::{CheckReport, CheckStatus, Identity, LocalReport, Report};
pub use self::snapshot::Snapshot;
pub use self::state::State;
