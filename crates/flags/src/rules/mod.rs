//! Who gets a flag that is on.
//!
//! [`Rules`] and [`Segment`] are the two documents that people write (`docs/flag-rules.md` is a page about them);
//! [`Context`] is what is known about a caller.

mod bucket;
#[cfg_attr(not(test), expect(dead_code, reason = "the snapshot of flags asks it"))]
mod compiled;
mod context;
mod document;
mod value;

#[cfg_attr(not(test), expect(unused_imports, reason = "the snapshot of flags asks it"))]
pub(crate) use compiled::{Compiled, Decision, NO_VARIANT, NoOthers, Other, Others, Why};
pub use context::Context;
pub use document::{
    Constraint, Fault, Op, Override, Payload, Requirement, Rule, Rules, RulesError, Segment, Variant,
};
pub use value::{Moment, NotAMoment, NotAPercentage, Percentage};

#[cfg(test)]
mod tests;
