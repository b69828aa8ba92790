//! For whoever writes steps: a journal that crashes at chosen points, a simulated outside, the crash suite.
//!
//! [`crash_everywhere`] runs a program of yours once undisturbed, then once for every point at which a
//! driver can die, and compares. [`World`] is an outside for programs that have none of their own.

mod crash;
mod suite;
mod world;

pub use crash::{CrashPoint, CrashingJournal, Side};
pub use suite::{Crashes, Report, Stage, crash_everywhere};
pub use world::{Fault, SetTo, Waits, World};
