//! Whole deployments on the stand-ins of platforms, and by programs of one's own, driven by the command that was typed. What the stand-ins answer is
//! checked against the platforms' published contracts by the tests of `handover-traffic`.

mod programs;
mod prometheus;
mod railway;
mod router;
mod vercel;

use tokio::runtime::{Builder, Runtime};

/// Where a stand-in runs.
fn runtime() -> Runtime {
    Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap()
}
