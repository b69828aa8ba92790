//! Who gets a flag that is on.
//!
//! [`Rules`] and [`Segment`] are the two documents that people write (`docs/flag-rules.md` is a page about them);
//! [`Context`] is what is known about a caller.

mod bucket;
mod compiled;
mod context;
mod document;
mod value;

pub(crate) use bucket::murmur3;
#[cfg(feature = "openfeature")]
pub(crate) use compiled::Basis;
pub(crate) use compiled::{Compiled, Other, Others, Why};
#[cfg(test)]
pub(crate) use compiled::{Decision, NO_VARIANT, NoOthers};
pub use context::Context;
pub use document::{
    Constraint, Fault, Op, Override, Payload, Requirement, Rule, Rules, RulesError, Segment, Variant,
};
pub use value::{Moment, NotAMoment, NotAPercentage, Percentage};

#[cfg(test)]
mod tests;
