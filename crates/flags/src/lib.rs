//! Feature flags that are read in a nanosecond and switched in milliseconds.

pub mod rules;
pub mod unleash;
