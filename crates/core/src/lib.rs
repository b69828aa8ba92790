//! The words every handover crate shares.
//!
//! A vocabulary, not a drawer: values only, no I/O, nothing but `serde` underneath. Start at [`Slot`]
//! and the names ([`ServiceName`], [`ReleaseId`], [`RunId`]); errors of the other crates answer with
//! [`Retry`] and [`Hint`]; time comes from a passed [`Clock`].
//!
//! | feature | adds |
//! |---|---|
//! | `schema` | `schemars::JsonSchema` for the names, so that published schemas can use them |
//!
//! Not for: behaviour two crates happen to need. A caller passes that in.

mod clock;
mod fence;
mod hint;
mod name;
mod retry;
mod slot;

pub use clock::{Clock, ManualClock, SystemClock, Timestamp};
pub use fence::{Fence, OpId};
pub use hint::Hint;
pub use name::{NameError, ReleaseId, RunId, ServiceName};
pub use retry::Retry;
pub use slot::{BySlot, Slot};
