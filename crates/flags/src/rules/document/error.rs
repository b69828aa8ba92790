use super::super::value::Moment;
use super::Op;

/// Why a document is not taken. Nothing changed.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum RulesError {
    /// It is larger than any such document should be.
    #[error("the document has {bytes} bytes; {limit} are allowed")]
    TooLarge {
        /// How long it is.
        bytes: usize,
        /// How long it may be.
        limit: usize,
    },
    /// It is no JSON, or not of this shape.
    #[error("{0}")]
    Shape(String),
    /// Something in it cannot be meant.
    #[error("{at}: {fault}")]
    Invalid {
        /// Where, such as `rules[2].when[0]`.
        at: String,
        /// What is wrong there.
        fault: Fault,
    },
}

/// What is wrong at one place of a document. Texts are shown shortened.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Fault {
    /// There is nothing to compare with.
    #[error("`{0}` compares with at least one value")]
    NoValues(Op),
    /// The operator takes exactly one value.
    #[error("`{op}` compares with one value, not {found}")]
    OneValue {
        /// The operator.
        op: Op,
        /// How many it was given.
        found: usize,
    },
    /// A value that is no number, or none with an end.
    #[error("{0:?} is not a number")]
    Number(String),
    /// A value that is no date.
    #[error("{0:?} is not a date such as \"2026-01-31T13:00:00Z\"")]
    Date(String),
    /// A value that is no semantic version.
    #[error("{0:?} is not a version such as \"1.2.3\" or \"2.0.0-beta.1\"")]
    Version(String),
    /// A value that is no network.
    #[error("{0:?} is not a network such as \"10.0.0.0/8\", nor an address")]
    Network(String),
    /// A regular expression that does not compile.
    #[error("the regular expression does not compile: {0}")]
    Regex(String),
    /// A regular expression that would take too much room.
    #[error("the regular expression is too large")]
    RegexTooLarge,
    /// The operator does not look at letters.
    #[error("`{0}` knows no upper and lower case; leave `ignore_case` out")]
    IgnoreCase(Op),
    /// The time is no text.
    #[error("`currentTime` is compared by `date_after` and `date_before`, not by `{0}`")]
    TimeAsText(Op),
    /// The time is nothing to stick to.
    #[error("`currentTime` is different every time; nothing sticks to it")]
    StickyTime,
    /// A name that is empty.
    #[error("`{0}` is empty")]
    Empty(&'static str),
    /// A text that is too long.
    #[error("`{what}` has {bytes} bytes; {limit} are allowed")]
    TooLong {
        /// Which text.
        what: &'static str,
        /// How long it is.
        bytes: usize,
        /// How long it may be.
        limit: usize,
    },
    /// More than is sensible.
    #[error("{found} {what} are too many; {limit} are allowed")]
    TooMany {
        /// Of what.
        what: &'static str,
        /// How many there are.
        found: usize,
        /// How many there may be.
        limit: usize,
    },
    /// The rule ends before it begins.
    #[error("`from` {from} is not before `until` {until}")]
    Window {
        /// When it begins.
        from: Moment,
        /// When it ends.
        until: Moment,
    },
    /// A weight that is not sensible.
    #[error("a weight of {weight} is too large; {limit} is allowed")]
    Weight {
        /// The weight.
        weight: u32,
        /// The largest.
        limit: u32,
    },
    /// Nobody would be given any of the variants.
    #[error("all weights are 0, so nobody has a variant")]
    NoWeight,
    /// Variants of one list that stick to different fields.
    #[error("variants of one list stick to the same field, not to {0:?} and {1:?}")]
    MixedStickiness(String, String),
    /// Two variants of the same name.
    #[error("two variants are called {0:?}")]
    SameName(String),
    /// A flag that is off has no variant.
    #[error("{0:?} must be off, so it has no variant to ask for")]
    VariantOfOff(String),
}

/// As much of a value as an error shows.
pub(crate) fn shown(text: &str) -> String {
    shortened(text, 60)
}

/// A text of no more than `length` letters, and a sign where there were more.
pub(crate) fn shortened(text: &str, length: usize) -> String {
    match text.char_indices().nth(length) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    }
}
