//! The examples run, the quickstart is what it says, and the README names what exists.

#![expect(clippy::unwrap_used, reason = "helpers of tests")]

mod axum_service;
mod binary;
mod custom_switcher;
mod embed_edge;
mod flags_axum;
mod monitor_axum;
mod quickstart;
mod readme;
