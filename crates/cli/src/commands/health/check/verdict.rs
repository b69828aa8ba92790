//! What an answer says, and what several come to.

use serde::Serialize;

use crate::exit::Exit;

/// How it is with one address, or with all of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Verdict {
    /// Well.
    Well,
    /// Well, and it says that something can be done without for now.
    Degraded,
    /// It says that it is not yet ready.
    Starting,
    /// Another status than a good one, or nobody listens.
    Unwell,
    /// No answer that says anything.
    Unknown,
}

impl Verdict {
    pub(super) const fn is_well(self) -> bool {
        matches!(self, Self::Well | Self::Degraded)
    }

    pub(super) const fn word(self) -> &'static str {
        match self {
            Self::Well => "well",
            Self::Degraded => "degraded",
            Self::Starting => "starting",
            Self::Unwell => "not well",
            Self::Unknown => "not known",
        }
    }

    pub(super) const fn exit(self) -> Exit {
        match self {
            Self::Well | Self::Degraded => Exit::Done,
            Self::Starting => Exit::Waiting,
            Self::Unwell => Exit::Refused,
            Self::Unknown => Exit::Unknown,
        }
    }

    /// What these come to, where `needed` must be well. What is still open is not called bad: only where even the best
    /// that may come of those that start, and of those that said nothing, is too little, it is not well.
    pub(super) fn of_all(verdicts: &[Self], needed: usize) -> Self {
        let count =
            |wanted: &dyn Fn(Self) -> bool| verdicts.iter().filter(|verdict| wanted(**verdict)).count();
        let well = count(&Self::is_well);
        let starting = count(&|verdict| verdict == Self::Starting);
        let unknown = count(&|verdict| verdict == Self::Unknown);
        if well >= needed {
            let degraded = verdicts.iter().any(|verdict| *verdict != Self::Well);
            return if degraded { Self::Degraded } else { Self::Well };
        }
        match needed {
            _ if well + starting >= needed => Self::Starting,
            _ if well + starting + unknown >= needed => Self::Unknown,
            _ => Self::Unwell,
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::collection::vec;
    use proptest::prelude::*;

    use super::Verdict::{Degraded, Starting, Unknown, Unwell, Well};
    use super::*;

    #[test]
    fn a_quorum_is_what_is_well_and_what_still_may_be() {
        for (verdicts, needed, wanted) in [
            (&[Well, Well][..], 2, Well),
            (&[Well, Degraded], 2, Degraded),
            (&[Well, Unwell], 1, Degraded),
            (&[Well, Unwell], 2, Unwell),
            (&[Well, Starting], 2, Starting),
            (&[Well, Unknown], 2, Unknown),
            (&[Starting, Unknown], 1, Starting),
            (&[Starting, Unknown], 2, Unknown),
            (&[Starting, Unwell, Unwell], 2, Unwell),
        ] {
            assert_eq!(Verdict::of_all(verdicts, needed), wanted, "{needed} of {verdicts:?}");
        }
    }

    #[test]
    fn each_verdict_has_an_exit_code_of_its_meaning() {
        let codes = [Well, Degraded, Starting, Unwell, Unknown].map(|verdict| verdict.exit().code());
        assert_eq!(codes, [0, 0, 6, 3, 4]);
    }

    proptest! {
        #[test]
        fn one_more_that_is_well_never_makes_it_worse(
            mut verdicts in vec(prop::sample::select(vec![Well, Degraded, Starting, Unwell, Unknown]), 1..8),
            at in any::<prop::sample::Index>(), needed in 1usize..8,
        ) {
            let rank = |verdict| match verdict { Well | Degraded => 3, Starting => 2, Unknown => 1, Unwell => 0 };
            let before = Verdict::of_all(&verdicts, needed);
            *at.get_mut(&mut verdicts) = Well;
            prop_assert!(rank(Verdict::of_all(&verdicts, needed)) >= rank(before));
        }
    }
}
