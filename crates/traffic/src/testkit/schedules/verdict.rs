use std::fmt;

/// How a number of fault schedules came out.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
#[must_use]
pub struct Verdict {
    pub(super) schedules: u64,
    pub(super) tally: Tally,
    pub(super) failure: Option<Failure>,
}

/// How the calls of all schedules ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[non_exhaustive]
pub struct Tally {
    /// Calls that were answered with success.
    pub made: u64,
    /// Calls that were answered with an error that says that nothing changed.
    pub refused: u64,
    /// Calls without an answer, or given up: unknown, until somebody looked.
    pub unknown: u64,
    /// Calls during which something went wrong behind the switcher.
    pub struck: u64,
    /// How often the weights were read past the switcher.
    pub looks: u64,
}

/// The first schedule that broke something; the rest was not run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Failure {
    pub(super) seed: u64,
    pub(super) how: String,
    /// What was done, in order.
    pub(super) acts: Vec<String>,
}

impl Verdict {
    /// Whether every schedule ended in a known state.
    pub const fn is_sound(&self) -> bool {
        self.failure.is_none()
    }

    /// The seed of the schedule that broke something: run it alone to see it again.
    pub fn broken_seed(&self) -> Option<u64> {
        self.failure.as_ref().map(|failure| failure.seed)
    }

    /// How many schedules ended in a known state.
    pub const fn schedules(&self) -> u64 {
        self.schedules
    }

    /// How their calls ended.
    pub const fn tally(&self) -> Tally {
        self.tally
    }
}

impl fmt::Display for Verdict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Tally { made, refused, unknown, struck, looks } = self.tally;
        write!(f, "{} fault schedules ended in a known state ", self.schedules)?;
        write!(f, "(calls: {made} made, {refused} refused, {unknown} unknown until observed)")?;
        if struck > 0 {
            write!(f, "; {struck} calls struck behind the switcher")?;
        }
        if looks > 0 {
            write!(f, "; weights read {looks} times past it, never all zero")?;
        }
        let Some(Failure { seed, how, acts }) = &self.failure else { return Ok(()) };
        write!(f, "; seed {seed} BROKEN: {how}")?;
        acts.iter().enumerate().try_for_each(|(at, act)| write!(f, "\n  {}. {act}", at + 1))
    }
}
