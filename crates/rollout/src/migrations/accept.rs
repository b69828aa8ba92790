use handover_core::Timestamp;

use super::{Acceptance, FindingLine};

/// What somebody is ready to accept, should it be found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Accept {
    /// Findings of this rule, by its id; of any where none is named.
    pub rule: Option<String>,
    /// Why.
    pub reason: String,
    /// Who.
    pub by: String,
    /// When.
    pub at: Timestamp,
}

impl Accept {
    /// Whether it speaks of this finding.
    pub(super) fn covers(&self, finding: &FindingLine) -> bool {
        self.rule.as_ref().is_none_or(|rule| *rule == finding.rule)
    }

    /// The same with what it was said of.
    pub(super) fn of(&self, findings: Vec<FindingLine>) -> Acceptance {
        let Self { rule, reason, by, at } = self.clone();
        Acceptance { rule: rule.unwrap_or_else(|| "all".into()), reason, by, at, findings }
    }
}
