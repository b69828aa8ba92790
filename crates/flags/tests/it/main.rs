//! The stores against what they stand for.

#[cfg(feature = "redis")]
mod redis;
