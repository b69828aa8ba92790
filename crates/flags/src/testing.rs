//! Flags for a service's own tests: [`FakeFlags`], which a test sets at will and asks what was read.
//!
//! Name the feature `testing` among the dev-dependencies only. For flags that never change,
//! [`Flags::fixed`](crate::Flags::fixed) needs no feature.

pub use crate::flags::{FakeFlags, HeldFlag, Recorded};
