//! The conformance kit: one public check per promise of [`FlagStore`](crate::FlagStore).
//!
//! Ten separately named tests for a store of your own, as short as can be:
//!
//! ```
//! # mod my_crate {
//! #     use handover_flags::MemoryStore;
//! #     pub struct MyStore;
//! #     impl MyStore {
//! #         pub fn on_loopback() -> MemoryStore { MemoryStore::new() }
//! #     }
//! # }
//! mod my_store {
//!     handover_flags::conformance_tests!(my_crate::MyStore::on_loopback());
//! }
//! # fn main() {}
//! ```
//!
//! The expression is built anew for each test, inside a Tokio runtime, and may `.await`.
//!
//! # What the kit can see
//!
//! A store that can be cloned is a [`Subject`] already. Some promises cannot be seen through the store alone, though:
//! whether it notices what was written past it, or what it says when the way to it breaks. Implement [`Subject`] for a
//! harness of your own and give the kit more eyes, one method each; [`Model`] is an example. What it could not see it
//! reports as [`Outcome::NotClaimed`], by name; it never passes over anything in silence.
//!
//! ```
//! use std::sync::Arc;
//!
//! use async_trait::async_trait;
//! use handover_flags::testkit::{Breakable, Subject, report};
//! use handover_flags::{FlagStore, MemoryStore};
//!
//! /// A store on a way that the test can cut.
//! struct Loopback {
//!     store: Breakable,
//! }
//!
//! #[async_trait]
//! impl Subject for Loopback {
//!     fn store(&self) -> Arc<dyn FlagStore> {
//!         Arc::new(self.store.clone())
//!     }
//!
//!     async fn cut(&self) -> bool {
//!         self.store.cut();
//!         true
//!     }
//!
//!     async fn heal(&self) {
//!         self.store.heal();
//!     }
//! }
//!
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() {
//! let report = report(&Loopback { store: Breakable::new(MemoryStore::new()) }).await;
//! assert!(report.is_sound(), "{report}");
//! # }
//! ```
//!
//! # What a run does to the store
//!
//! Some hundred changes of keys whose names begin with `conformance-`, which are taken away again; others are left
//! alone, and must be left alone by others meanwhile. Every wait is bounded by [`Subject::patience`]; the kit works on
//! real time and on paused time.
//!
//! The kit is itself tested: [`mutants`] breaks each promise, and each check must catch its own.

mod breakable;
mod desk;
mod follower;
mod macros;
mod model;
pub mod mutants;
mod outcome;
mod points;
mod report;
mod subject;

pub use breakable::Breakable;
pub use follower::Follower;
pub use macros::prove;
pub use model::Model;
pub use outcome::Outcome;
pub use points::{
    POINTS, Point, audits_every_change_once, changes_only_if,
    counts_upwards_and_tells_the_count_with_the_change, forgets_a_removed_key, keeps_a_text_as_it_is,
    never_tells_an_older_value_after_a_newer_one, reads_its_change, refuses_what_it_cannot_do,
    shows_no_password, watches_without_missing_a_last_value,
};
pub use report::{Report, report};
pub use subject::Subject;
