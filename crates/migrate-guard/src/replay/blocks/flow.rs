use crate::ddl::Leave;

/// Where a step leads to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::replay) enum Flow {
    /// To the next one.
    On,
    /// Elsewhere.
    Left(Leave),
    /// Perhaps elsewhere; what follows is run under the condition that it was not.
    Perhaps(Leave, String),
}

impl Flow {
    /// Where two steps lead to, the second after the first.
    pub(super) fn then(self, next: Self) -> Self {
        match (self, next) {
            (Self::On, next) => next,
            (Self::Perhaps(leave, _), Self::Left(next)) if leave == next => Self::Left(next),
            (first, _) => first,
        }
    }

    /// Where a loop leads to whose body leads there.
    pub(super) fn out_of_loop(self) -> Self {
        match self {
            Self::Left(Leave::Exit | Leave::Continue) | Self::Perhaps(Leave::Exit | Leave::Continue, _) => {
                Self::On
            }
            other => other,
        }
    }
}
