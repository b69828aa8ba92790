//! Moves live traffic between a blue and a green release of one service.
//!
//! Start at [`TrafficSwitcher`]: four methods, ten numbered promises. [`Split`] is how much goes to green,
//! [`Change`] is one wish, [`Observed`] what is in force, [`Capabilities`] what a backend can express.
//! [`InMemory`] is the reference model; [`layers`] wrap any backend; [`Composite`] makes one of several.
//!
//! | feature | adds |
//! |---|---|
//! | `haproxy` | [`haproxy`]: HAProxy by its Runtime API |
//! | `logbook` | [`logbook`]: a memory for control planes that have none; backends that need one bring it |
//! | `probe` | [`verify::Prober`]: asks a public address who answers |
//! | `exec` | `exec::Exec`: a switcher in any language, over standard input and output |
//! | `tracing` | `layers::Traced`: a span per call |
//! | `vercel` | [`vercel`]: promotion, rollback and rolling releases on Vercel |
//! | `testkit` | the conformance suite, one test per promise, and a mutant that breaks each |
//!
//! # A switcher of your own
//!
//! Implement [`TrafficSwitcher`], say in [`Capabilities`] what it cannot do, and let the kit prove the rest, one test
//! per promise. With `handover-traffic` under `[dev-dependencies]` with the feature `testkit`, this is the whole test:
//!
//! ```
//! # mod my_crate { pub mod MySwitcher { pub fn on_loopback() -> handover_traffic::InMemory { Default::default() } } }
//! mod my_edge {
//!     handover_traffic::conformance_tests!(my_crate::MySwitcher::on_loopback());
//! }
//! ```
//!
//! `testkit` tells how to give the kit more to see than four methods show; `testkit::report` prints
//! the same as a table.
//!
//! Not for: launching releases, judging them, or remembering what was planned.

mod capability;
mod change;
mod composite;
#[cfg(feature = "control")]
pub mod control;
#[cfg(any(feature = "railway", feature = "vercel"))]
pub mod doctor;
mod error;
#[cfg(feature = "exec")]
pub mod exec;
#[cfg(feature = "haproxy")]
pub mod haproxy;
mod in_memory;
pub mod layers;
#[cfg(feature = "logbook")]
pub mod logbook;
mod proof;
#[cfg(feature = "railway")]
pub mod railway;
mod split;
mod switcher;
#[cfg(feature = "testkit")]
pub mod testkit;
#[cfg(feature = "vercel")]
pub mod vercel;
pub mod verify;

pub use capability::{Capabilities, DrainSupport, Feature, Weights};
pub use change::{Change, Drained, Expected, InFlight, Mode, Observed, Revision, Route};
pub use composite::Composite;
pub use error::{BoxError, SwitchError};
pub use in_memory::{InMemory, InMemoryRequest, RequestKind};
pub use proof::Proof;
pub use split::{Split, SplitError};
pub use switcher::{TrafficSwitcher, TrafficSwitcherExt};
