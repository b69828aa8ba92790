//! The examples run, and the quickstart is what it says.

#![expect(clippy::unwrap_used, reason = "helpers of tests")]

mod binary;
mod embed_edge;
mod quickstart;
