//! Whole rollouts on a simulated world: the in-memory switcher, a simulated launcher and simulated windows, on paused
//! time. What a run does to the world is the same code that acts on a real one.

#![expect(clippy::unwrap_used, reason = "helpers of tests fail the test that uses them")]

mod carried_out;
#[cfg(feature = "local")]
mod command;
mod crash;
mod drift;
mod flags;
#[cfg(feature = "local")]
mod hooks;
mod hosted;
mod migrations;
mod misfortune;
mod plans;
#[cfg(feature = "railway")]
mod railway;
mod runs;
mod sim;
#[cfg(feature = "vercel")]
mod vercel;
mod views;
