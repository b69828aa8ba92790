use std::sync::Arc;
use std::time::Duration;

use crate::flags::fresh::AsOf;
use crate::hot::{Reason, Source};
use crate::rules::Variant;

/// What a flag is for one caller, and why.
#[derive(Debug, Clone, PartialEq)]
pub struct Evaluation {
    /// Whether it is on.
    pub value: bool,
    /// Which variant the caller has, where the flag is on and has any.
    pub variant: Option<Arc<Variant>>,
    /// Why.
    pub reason: Reason,
    /// Where that was learned.
    pub source: Source,
    /// The last change made through the store when this flag last changed; 0 where it does not count.
    pub revision: u64,
    pub(crate) as_of: AsOf,
}

impl Evaluation {
    /// How long ago the store was last known to say so: `None` where it never did, zero where it cannot change.
    ///
    /// Asks the clock; the evaluation itself does not.
    pub fn age(&self) -> Option<Duration> {
        self.as_of.age()
    }
}
