use std::fmt;

/// Why a verb did not finish, in one line for the person who ran it.
#[derive(Debug)]
pub(crate) struct Failed(String);

/// What every verb returns.
pub(crate) type Outcome<T = ()> = Result<T, Failed>;

impl Failed {
    pub(crate) fn new(why: impl Into<String>) -> Self {
        Self(why.into())
    }
}

impl fmt::Display for Failed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}
