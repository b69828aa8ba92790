use std::time::Duration;

/// How the engine behaves where the program leaves it open.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Options {
    /// How often orders are looked for while something else is under way.
    pub poll: Duration,
    /// How long a step of the way forward may keep failing in ways that may pass.
    pub forward_patience: Duration,
    /// The same for the way back, where giving up is worse.
    pub back_patience: Duration,
    /// How long a state that is neither the wanted nor the former one may last before it is a conflict.
    pub settle: Duration,
    /// Whether a living holder's lease is taken over.
    pub take_over: bool,
}

impl Default for Options {
    /// 100 ms, one minute, five minutes, five seconds, no.
    fn default() -> Self {
        Self {
            poll: Duration::from_millis(100),
            forward_patience: Duration::from_mins(1),
            back_patience: Duration::from_mins(5),
            settle: Duration::from_secs(5),
            take_over: false,
        }
    }
}

impl Options {
    /// These, with this patience forward and back.
    #[must_use]
    pub fn with_patience(self, forward: Duration, back: Duration) -> Self {
        Self { forward_patience: forward, back_patience: back, ..self }
    }

    /// These, with this time for a state to settle.
    #[must_use]
    pub fn with_settle(self, settle: Duration) -> Self {
        Self { settle, ..self }
    }

    /// These, looking for orders this often.
    #[must_use]
    pub fn with_poll(self, poll: Duration) -> Self {
        Self { poll, ..self }
    }

    /// These, taking over a living holder's lease or not.
    #[must_use]
    pub fn with_take_over(self, take_over: bool) -> Self {
        Self { take_over, ..self }
    }
}
