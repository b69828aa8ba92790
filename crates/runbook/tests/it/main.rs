//! The engine against a simulated outside, and the journals against their contract.

mod crash;
mod support;
