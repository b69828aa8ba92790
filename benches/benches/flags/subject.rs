use crate::callers::Caller;

/// A way to read a flag.
pub(crate) struct Subject {
    pub(crate) name: &'static str,
    /// What was set as a goal, in nanoseconds.
    pub(crate) asked: &'static str,
    /// Reads it once for each caller, and tells how often it was on.
    pub(crate) read: Read,
}

pub(crate) type Read = Box<dyn Fn(&[Caller]) -> usize>;

/// A row without a goal.
pub(crate) fn beside(name: &'static str, read: impl Fn(&[Caller]) -> usize + 'static) -> Subject {
    Subject { name, asked: "", read: Box::new(read) }
}

/// How many of the callers it is on for. Inlined, so that what is timed is the read and the loop around it.
#[inline(always)]
#[expect(clippy::inline_always, reason = "a call for each read would be timed with it")]
pub(crate) fn on(callers: &[Caller], mut read: impl FnMut(&Caller) -> bool) -> usize {
    callers.iter().filter(|caller| read(caller)).count()
}

/// The name of one of the hundred flags.
pub(crate) fn flag(number: usize) -> String {
    format!("flag-number-{number}")
}

pub(crate) const FLAGS: usize = 100;

/// The flag that is asked for.
pub(crate) const ASKED: &str = "flag-number-42";
