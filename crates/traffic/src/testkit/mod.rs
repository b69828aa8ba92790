//! The conformance kit: one public check per promise of [`TrafficSwitcher`](crate::TrafficSwitcher).
//!
//! Ten separately named tests for a switcher of your own, as short as can be:
//!
//! ```
//! # mod my_crate {
//! #     use handover_traffic::InMemory;
//! #     pub struct MySwitcher;
//! #     impl MySwitcher {
//! #         pub fn on_loopback() -> InMemory { InMemory::new() }
//! #     }
//! # }
//! mod my_edge {
//!     handover_traffic::conformance_tests!(my_crate::MySwitcher::on_loopback());
//! }
//! # fn main() {}
//! ```
//!
//! The expression is built anew for each test, inside a Tokio runtime, and may `.await`.
//!
//! # What the kit can see
//!
//! A bare switcher is a [`Subject`] already. Some promises cannot be seen through the four methods, though: whether
//! a drain that said `Clean` spoke the truth, or what happens when nobody answers. Implement [`Subject`] for a
//! harness of your own and give the kit more eyes, one method each. What it could not see it reports as
//! [`Outcome::NotClaimed`], by name; it never passes over anything in silence.
//!
//! ```
//! use async_trait::async_trait;
//! use handover_core::Slot;
//! use handover_traffic::testkit::{Opened, OpenRequest, Subject, report};
//! use handover_traffic::{InMemory, TrafficSwitcher};
//!
//! /// A backend on its own port, with a user beside it.
//! struct Loopback {
//!     switcher: InMemory,
//! }
//!
//! #[async_trait]
//! impl Subject for Loopback {
//!     fn switcher(&self) -> &dyn TrafficSwitcher {
//!         &self.switcher
//!     }
//!
//!     async fn open_request(&self) -> Opened {
//!         let request = self.switcher.arrive().await;
//!         Opened::At(OpenRequest::new(request.slot(), request))
//!     }
//! }
//!
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() {
//! let report = report(&Loopback { switcher: InMemory::new() }).await;
//! assert!(report.is_sound(), "{report}");
//! # }
//! ```
//!
//! # More than ten questions
//!
//! [`schedules`] strikes random calls with random mishaps and asks after each whether it is still known where traffic
//! is. [`Matrix`] puts several backends side by side.
//!
//! # What a run does to the backend
//!
//! Traffic really moves, to and fro and at each share the backend can express; each point puts the former route
//! back. Where fencing is claimed, the highest fence seen is raised by two. Every wait is bounded by
//! [`Subject::patience`]; the kit works on real time and on paused time.
//!
//! The kit is itself tested: [`mutants`] breaks each promise, and each check must catch its own.

mod macros;
mod matrix;
mod model;
pub mod mutants;
mod outcome;
mod points;
mod probe;
mod report;
mod schedules;
#[cfg(feature = "standins")]
pub mod standin;
mod subject;

pub use macros::prove;
pub use matrix::Matrix;
pub use model::Model;
pub use outcome::Outcome;
pub use points::{
    POINTS, Point, applies_an_operation_once, keeps_the_way_back_open, leaves_alone_what_belongs_to_others,
    leaves_the_old_route_or_the_new_one, never_lets_a_lower_fence_win, reads_its_change,
    refuses_a_stale_revision, refuses_early_what_it_cannot_express, says_clean_only_when_nothing_is_left,
    says_what_is_not_known,
};
pub use report::{Report, report};
pub use schedules::{Tally, Verdict, schedules};
pub use subject::{OpenRequest, Opened, Subject, Weighed};
