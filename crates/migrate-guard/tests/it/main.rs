//! The linter from outside: folders on disk, reports, and whole histories.
#![expect(clippy::unwrap_used, reason = "helpers of tests may panic as the tests themselves do")]

mod agreement;
mod anything;
mod claims;
mod conformance;
mod docs;
mod folder;
mod frontend;
