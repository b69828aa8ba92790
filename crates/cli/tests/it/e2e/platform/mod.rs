//! Whole deployments on the stand-ins of platforms, and by programs of one's own, driven by the command that was typed. What the stand-ins answer is
//! checked against the platforms' published contracts by the tests of `handover-traffic`.

mod place;
mod programs;
mod prometheus;
mod railway;
mod router;
mod vercel;
