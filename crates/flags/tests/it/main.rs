//! What the crate promises, through its public face.
#![expect(clippy::unwrap_used, reason = "helpers of tests may panic as the tests themselves do")]

#[cfg(feature = "testkit")]
mod conformance;
#[cfg(all(feature = "file", feature = "testkit"))]
mod file;
#[cfg(feature = "testkit")]
mod laws;
#[cfg(feature = "testkit")]
mod layered;
#[cfg(feature = "testkit")]
mod mutants;
