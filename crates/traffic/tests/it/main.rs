//! What the crate promises, through its public face.
#![expect(clippy::unwrap_used, reason = "helpers of tests may panic as the tests themselves do")]

mod composite;
mod conformance;
#[cfg(feature = "exec")]
mod exec;
mod fault;
#[cfg(all(
    feature = "exec",
    feature = "haproxy",
    feature = "railway",
    feature = "standins",
    feature = "vercel"
))]
mod faults;
#[cfg(feature = "haproxy")]
mod haproxy;
mod late_effect;
mod laws;
mod layers;
mod matrix;
mod messages;
mod mutants;
#[cfg(feature = "probe")]
mod prober;
#[cfg(all(feature = "railway", feature = "standins"))]
mod railway;
mod schedules;
#[cfg(all(
    feature = "exec",
    feature = "haproxy",
    feature = "railway",
    feature = "standins",
    feature = "vercel"
))]
mod unlike;
#[cfg(all(feature = "vercel", feature = "standins"))]
mod vercel;
mod wire;
