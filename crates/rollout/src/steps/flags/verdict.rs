//! What is to be done about one flag, from what it was, what it is, and who wrote it.

use crate::flags::{FlagChange, FlagFate, OnRollback, Written};

#[derive(Debug, PartialEq, Eq)]
pub(super) enum Verdict {
    /// Nothing more; this became of it.
    Settled(FlagFate),
    /// It is to be changed.
    Pending,
    /// It is none of the run's business.
    Nothing,
}

/// On the way forward: `found` is what stood there before the run wrote anything.
pub(super) fn set(change: &FlagChange, found: Option<&str>, now: Option<&str>, written: Written) -> Verdict {
    let to = change.text();
    let (was_so, is_so) = (found == Some(to), now == Some(to));
    Verdict::Settled(match written {
        _ if is_so && was_so => FlagFate::Already { is: to.into() },
        Written::No if is_so => FlagFate::Already { is: to.into() },
        _ if is_so => FlagFate::Set { from: found.map(Into::into), to: to.into() },
        // Written, and somebody has changed it back since.
        Written::Yes => left(now),
        _ if now == found => return Verdict::Pending,
        _ => left(now),
    })
}

/// On the way back, for a flag that must be off.
pub(super) fn killed(found: Option<&str>, now: Option<&str>, done: bool) -> Verdict {
    match now {
        Some("false") if found == now => Verdict::Settled(FlagFate::Off),
        Some("false") => Verdict::Settled(FlagFate::Killed { from: found.map(Into::into) }),
        _ if done => Verdict::Settled(left(now)),
        _ => Verdict::Pending,
    }
}

/// On the way back: `before` is what stood there before the run wrote anything.
pub(super) fn restored(
    change: &FlagChange,
    before: Option<&str>,
    now: Option<&str>,
    written: Written,
) -> Verdict {
    let to = change.text();
    if written == Written::No || before == Some(to) {
        return Verdict::Nothing;
    }
    match change.on_rollback {
        OnRollback::Keep => Verdict::Settled(FlagFate::Kept { at: to.into() }),
        _ if now == before => Verdict::Settled(FlagFate::Restored { to: before.map(Into::into) }),
        _ if now == Some(to) => Verdict::Pending,
        _ => Verdict::Settled(left(now)),
    }
}

fn left(now: Option<&str>) -> FlagFate {
    FlagFate::Left { found: now.map(Into::into) }
}
