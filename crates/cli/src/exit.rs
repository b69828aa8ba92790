//! What the process says when it ends, for scripts.

use std::process::{ExitCode, Termination};

/// How a verb ended. The numbers are part of the interface and never change their meaning.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[repr(u8)]
pub(crate) enum Exit {
    /// What was asked for is done.
    Done = 0,
    /// A bug in handover: a panic, or a state that cannot be.
    Bug = 1,
    /// The command line or `handover.toml` is wrong. Nothing was tried.
    Usage = 2,
    /// Refused, or failed before any traffic moved.
    Refused = 3,
    /// It is not known whether anything changed; read the state back before trying again.
    Unknown = 4,
    /// Traffic moved, and was taken back.
    RolledBack = 5,
    /// Waiting for a person, for data or for a clock, or detached from a run that goes on.
    Waiting = 6,
    /// Neither forward nor back: holding the best that serves, and a person is needed.
    Stuck = 7,
}

impl Exit {
    /// The number the shell sees.
    pub(crate) const fn code(self) -> u8 {
        self as u8
    }
}

impl Termination for Exit {
    fn report(self) -> ExitCode {
        ExitCode::from(self.code())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_numbers_are_those_scripts_rely_on() {
        use Exit::{Bug, Done, Refused, RolledBack, Stuck, Unknown, Usage, Waiting};
        let codes = [Done, Bug, Usage, Refused, Unknown, RolledBack, Waiting, Stuck].map(Exit::code);
        assert_eq!(codes, [0, 1, 2, 3, 4, 5, 6, 7]);
    }
}
