//! Flags over stores that are real, and over one that says what the test tells it to.
#![expect(clippy::unwrap_used, reason = "helpers of tests may panic as the tests themselves do")]

mod allocations;
#[cfg(feature = "testkit")]
mod conformance;
#[cfg(all(feature = "file", feature = "testkit"))]
mod file;
mod flags;
#[cfg(feature = "testkit")]
mod laws;
#[cfg(feature = "testkit")]
mod layered;
#[cfg(feature = "testkit")]
mod mutants;
#[cfg(feature = "openfeature")]
mod openfeature;
#[cfg(feature = "redis")]
mod redis;
#[cfg(feature = "redis")]
mod scheduled;
#[cfg(feature = "redis")]
mod schedules;
#[cfg(feature = "testing")]
mod testing;
#[cfg(feature = "tower")]
mod tower;
