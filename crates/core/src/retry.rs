use std::time::Duration;

/// What a caller may do after an error.
///
/// Every error of a trait crate has exactly one answer, so a caller never guesses from the message.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Retry {
    /// The same call would fail again; something else has to change first.
    Never,
    /// Nothing was changed; the same call may succeed after this long.
    After(Duration),
    /// The call may have taken effect: read the state back before anything else.
    AfterReadBack,
}
