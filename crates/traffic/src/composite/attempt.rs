use handover_core::OpId;

/// How often an operation was begun. Members remember names, so a change that was taken back needs another one to be
/// made after all.
#[derive(Debug, Clone)]
pub(super) struct Attempt {
    op: OpId,
    number: u32,
}

impl Attempt {
    /// The attempt to be made, by what the members did last.
    pub(super) fn next<'a>(op: &OpId, known: impl Iterator<Item = &'a OpId>) -> Self {
        let number = known.filter_map(|last| number_after(op, last)).max().unwrap_or(1);
        Self { op: op.clone(), number }
    }

    /// The one after this.
    pub(super) fn again(&self) -> Self {
        Self { op: self.op.clone(), number: self.number + 1 }
    }

    /// What the members know it by.
    pub(super) fn name(&self) -> OpId {
        match self.number {
            1 => self.op.clone(),
            number => OpId::new(format!("{} (attempt {number})", self.op)),
        }
    }

    /// What taking it back is known by.
    pub(super) fn taking_back(&self) -> OpId {
        OpId::new(format!("{} (attempt {}, taken back)", self.op, self.number))
    }

    /// Whether this is the name of it.
    pub(super) fn is(&self, last: &OpId) -> bool {
        self.name() == *last
    }
}

/// Which attempt at `op` comes next where `last` was done last; `None` if that has nothing to do with it.
fn number_after(op: &OpId, last: &OpId) -> Option<u32> {
    let rest = last.as_str().strip_prefix(op.as_str())?;
    if rest.is_empty() {
        return Some(1);
    }
    let number = rest.strip_prefix(" (attempt ")?.strip_suffix(')')?;
    match number.strip_suffix(", taken back") {
        Some(number) => number.parse::<u32>().ok().map(|number| number.saturating_add(1)),
        None => number.parse().ok(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn next(last: &str) -> OpId {
        Attempt::next(&OpId::new("shift"), [OpId::new(last)].iter()).name()
    }

    #[test]
    fn an_attempt_that_was_taken_back_is_followed_by_one_of_another_name() {
        let first = Attempt::next(&OpId::new("shift"), std::iter::empty());
        assert_eq!(first.name(), OpId::new("shift"));
        assert_eq!(next(first.taking_back().as_str()), OpId::new("shift (attempt 2)"));
        let second = first.again();
        assert_eq!(next(second.name().as_str()), second.name(), "an attempt that was begun goes on");
        assert_eq!(next(second.taking_back().as_str()), OpId::new("shift (attempt 3)"));
    }

    #[test]
    fn other_operations_are_none_of_it() {
        for last in ["shift 2", "shift (half)", "shift (attempt x)", "other", "shift (attempt 2"] {
            assert_eq!(next(last), OpId::new("shift"), "{last}");
        }
    }
}
