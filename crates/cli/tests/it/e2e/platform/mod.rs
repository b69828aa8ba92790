//! Whole deployments on the stand-ins of platforms, driven by the command that was typed. What the stand-ins answer is
//! checked against the platforms' published contracts by the tests of `handover-traffic`.

mod place;
mod railway;
mod vercel;
