use serde::Serialize;

/// Why a flag is as it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Reason {
    /// Its gate says so, and it has no rules.
    Gate,
    /// Its gate is on, and this rule admits the caller: the first is 0.
    Rule(u16),
    /// Its gate is on, and its rules admit everybody.
    Everybody,
    /// Its gate is on, and no rule admits the caller.
    NoRule,
    /// A flag that it requires is not as required.
    Prerequisite,
    /// Nothing is known of it but that it exists: its safe value.
    Unset,
    /// Its gate is a text other than `true`: off, as every reader of such a key has it.
    Malformed,
    /// Its gate is no text at all: its safe value.
    Unreadable,
    /// Its rules cannot be read, and none that could were ever known: its safe value.
    RulesUnreadable,
    /// What is known is too old, by the limit that was set: its safe value.
    TooOld,
    /// Neither the program nor the store knows this name: off.
    Unknown,
}

/// Where a value comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Source {
    /// The store said so, to this process.
    Store,
    /// The store had said so to a former process, which left it in a file.
    LastKnownGood,
    /// The program brought it along.
    Bootstrap,
    /// The program's own safe value.
    Safe,
}

/// What a slot says of its flag before rules are asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Verdict {
    Fixed(bool, Reason),
    /// The rules decide.
    Ask,
}

/// A flag's state in one word, so that a read is one load: value, reason, source and revision are of one moment.
///
/// Bits 0-1 the value, 2-5 the reason, 6-7 the source, 8-63 the revision.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct State(u64);

const OFF: u64 = 0;
const ON: u64 = 1;
const ASK: u64 = 2;

/// Reasons that a slot can give by itself, in the order of their codes; as many as four bits can name.
const REASONS: [Reason; 16] = [
    Reason::Unknown,
    Reason::Gate,
    Reason::Unset,
    Reason::Malformed,
    Reason::Unreadable,
    Reason::RulesUnreadable,
    Reason::TooOld,
    Reason::Unknown,
    Reason::Unknown,
    Reason::Unknown,
    Reason::Unknown,
    Reason::Unknown,
    Reason::Unknown,
    Reason::Unknown,
    Reason::Unknown,
    Reason::Unknown,
];

const SOURCES: [Source; 4] = [Source::Store, Source::LastKnownGood, Source::Bootstrap, Source::Safe];

impl State {
    /// Of a name that nobody knows yet.
    pub(crate) const UNKNOWN: Self = Self(3 << 6);

    pub(crate) fn new(verdict: Verdict, source: Source, revision: u64) -> Self {
        let (value, reason) = match verdict {
            Verdict::Fixed(on, reason) => (if on { ON } else { OFF }, code(&REASONS, &reason)),
            Verdict::Ask => (ASK, 0),
        };
        Self(value | reason << 2 | code(&SOURCES, &source) << 6 | revision << 8)
    }

    pub(crate) const fn from_bits(bits: u64) -> Self {
        Self(bits)
    }

    pub(crate) const fn bits(self) -> u64 {
        self.0
    }

    /// The value, unless rules have to be asked.
    #[inline]
    pub(crate) const fn value(self) -> Option<bool> {
        match self.0 & 3 {
            OFF => Some(false),
            ON => Some(true),
            _ => None,
        }
    }

    #[inline]
    pub(crate) fn verdict(self) -> Verdict {
        match self.value() {
            Some(on) => Verdict::Fixed(on, REASONS[(self.0 >> 2 & 15) as usize]),
            None => Verdict::Ask,
        }
    }

    #[inline]
    pub(crate) const fn source(self) -> Source {
        SOURCES[(self.0 >> 6 & 3) as usize]
    }

    #[inline]
    pub(crate) const fn revision(self) -> u64 {
        self.0 >> 8
    }
}

fn code<T: PartialEq>(table: &[T], wanted: &T) -> u64 {
    table.iter().position(|one| one == wanted).unwrap_or_default() as u64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_goes_into_a_word_comes_out_of_it() {
        for source in SOURCES {
            for verdict in REASONS.into_iter().flat_map(|why| [true, false].map(|on| Verdict::Fixed(on, why)))
            {
                let state = State::from_bits(State::new(verdict, source, 123_456_789_012).bits());
                assert_eq!((state.verdict(), state.source()), (verdict, source));
                assert_eq!(state.revision(), 123_456_789_012);
            }
            assert_eq!(State::new(Verdict::Ask, source, 7).verdict(), Verdict::Ask);
        }
    }

    #[test]
    fn a_name_nobody_knows_is_off_and_says_so() {
        assert_eq!(State::UNKNOWN.verdict(), Verdict::Fixed(false, Reason::Unknown));
        assert_eq!(State::UNKNOWN.source(), Source::Safe);
    }
}
