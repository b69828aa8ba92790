//! A probe asked again and again in a task of its own, and what its answers amount to.

mod history;
mod schedule;
mod watched;

pub use self::history::{Lately, Transition};
pub use self::schedule::Schedule;
pub use self::watched::{Status, Watched};

pub(crate) use self::schedule::random;
pub(crate) use self::watched::Next;
