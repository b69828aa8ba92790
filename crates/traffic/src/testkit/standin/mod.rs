//! Strict local stand-ins for platforms that cannot be had on one's own machine.
//!
//! Each keeps state, answers with the platform's own shapes, statuses, delays and errors, and can be told to
//! misbehave. They are no simulation of what a platform costs or how fast it is.

pub mod railway;
pub mod vercel;
