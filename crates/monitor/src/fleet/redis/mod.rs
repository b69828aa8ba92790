//! Redis as the way between instances.
//!
//! A [`Publisher`] in each instance writes its slices, one key each, which Redis lets go of after a time; a
//! [`Collector`] reads those that are new into a [`Fleet`](super::Fleet). Redis is a letter box and nothing more:
//! requests never touch it, and what it costs is three commands a slice, however many requests that counts.
//!
//! | key | holds |
//! |---|---|
//! | `<prefix>:slice:<instance>/<epoch>/<seq>` | one slice, with a time to live |
//! | `<prefix>:streams` | a hash: for each `<instance>/<epoch>` its last slice and when that ended, so that nobody scans |
//!
//! # When Redis is not well
//!
//! Dead, slow, flushed, full or restarted empty, it never blocks or fails [`publish`](Publisher::publish), which only
//! puts a slice in a bounded backlog. The backlog is written once Redis answers again, oldest first, so an outage
//! loses what Redis itself forgot and what the backlog had no room for. The first shows as missing slices in
//! [`Fleet::streams`](super::Fleet::streams), the second as well in [`PublisherStatus::lost`]. Writing a slice twice
//! is the same as once.

mod backlog;
mod collector;
mod keys;
mod link;
mod options;
mod publisher;

pub use collector::{Collected, Collector};
pub use link::Trouble;
pub use options::Options;
pub use publisher::{Publisher, PublisherStatus};
