//! Counts of what was right.

use std::collections::BTreeMap;

use serde::Serialize;

/// How often a yes was right, a yes was wrong, and a yes was missed.
#[derive(Debug, Default, Clone, Copy, Serialize)]
pub(crate) struct Hits {
    pub(crate) right: usize,
    pub(crate) wrong: usize,
    pub(crate) missed: usize,
}

/// So many of so many.
#[derive(Debug, Default, Clone, Copy, Serialize)]
pub(crate) struct Share {
    pub(crate) part: usize,
    pub(crate) of: usize,
}

/// What is counted of a project, or of its DO blocks alone.
#[derive(Debug, Default, Clone, Serialize)]
pub(crate) struct Tally {
    pub(crate) statements: usize,
    /// Those that applied.
    pub(crate) judged: usize,
    /// Statements that ran and that the linter does not see.
    pub(crate) unseen: usize,
    pub(crate) long: Hits,
    pub(crate) brief_or_long: Hits,
    pub(crate) class: Share,
    /// Of the statements whose locks were all seen: where relations and locks are as they were.
    pub(crate) exact: Share,
    /// The same with every claim counted, also those too weak for the corpora to have them.
    pub(crate) literal: Share,
    /// Of those that are not exact: where the linter says that it assumes.
    pub(crate) inexact_assumed: Share,
    /// Of those whose work was seen: where it is claimed as it was.
    pub(crate) work: Share,
    pub(crate) contract: Hits,
    pub(crate) contract_kinds: BTreeMap<String, Hits>,
}

/// What a rule said, and of what.
#[derive(Debug, Default, Clone, Copy, Serialize)]
pub(crate) struct RuleTally {
    pub(crate) findings: usize,
    /// On statements that are LONG.
    pub(crate) long: usize,
    /// On statements that are BRIEF.
    pub(crate) brief: usize,
    /// On statements that change something for code.
    pub(crate) contract: usize,
}

impl Hits {
    pub(crate) fn count(&mut self, said: bool, so: bool) {
        match (said, so) {
            (true, true) => self.right += 1,
            (true, false) => self.wrong += 1,
            (false, true) => self.missed += 1,
            (false, false) => {}
        }
    }

    pub(crate) fn precision(self) -> Option<f64> {
        Share { part: self.right, of: self.right + self.wrong }.value()
    }

    pub(crate) fn recall(self) -> Option<f64> {
        Share { part: self.right, of: self.right + self.missed }.value()
    }

    fn add(&mut self, other: Self) {
        self.right += other.right;
        self.wrong += other.wrong;
        self.missed += other.missed;
    }
}

impl Share {
    pub(crate) fn count(&mut self, yes: bool) {
        self.part += usize::from(yes);
        self.of += 1;
    }

    #[expect(clippy::cast_precision_loss, reason = "counts of statements")]
    pub(crate) fn value(self) -> Option<f64> {
        (self.of > 0).then(|| self.part as f64 / self.of as f64)
    }

    fn add(&mut self, other: Self) {
        self.part += other.part;
        self.of += other.of;
    }
}

impl Tally {
    pub(crate) fn add(&mut self, other: &Self) {
        self.statements += other.statements;
        self.judged += other.judged;
        self.unseen += other.unseen;
        self.long.add(other.long);
        self.brief_or_long.add(other.brief_or_long);
        self.class.add(other.class);
        self.exact.add(other.exact);
        self.literal.add(other.literal);
        self.inexact_assumed.add(other.inexact_assumed);
        self.work.add(other.work);
        self.contract.add(other.contract);
        for (kind, hits) in &other.contract_kinds {
            self.contract_kinds.entry(kind.clone()).or_default().add(*hits);
        }
    }
}

impl RuleTally {
    pub(crate) fn add(&mut self, other: Self) {
        self.findings += other.findings;
        self.long += other.long;
        self.brief += other.brief;
        self.contract += other.contract;
    }
}
