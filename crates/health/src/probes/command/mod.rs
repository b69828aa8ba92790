//! A program that is run, and how it ends.

mod output;
mod probe;
mod run;

pub use self::probe::CommandProbe;
