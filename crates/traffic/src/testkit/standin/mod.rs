//! Strict local stand-ins for platforms that cannot be had on one's own machine.

pub mod railway;
