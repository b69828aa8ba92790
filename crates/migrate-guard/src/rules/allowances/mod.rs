//! What may be wrong with an allowance.

mod expired;
mod malformed;
mod unused;

use super::Rule;

pub(crate) use expired::RULE as EXPIRED;
pub(crate) use malformed::RULE as MALFORMED;
pub(crate) use unused::RULE as UNUSED;

pub(super) static RULES: [&Rule; 3] = [&MALFORMED, &EXPIRED, &UNUSED];
