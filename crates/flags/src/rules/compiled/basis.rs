use super::Compiled;
use super::admission::Admission;
use crate::rules::context::Context;

/// What an answer of rules rests on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Basis {
    /// Everybody is answered so.
    Constant,
    /// What is known of the caller.
    Targeting,
    /// The caller's place among all.
    Split,
    /// No rule before the last, which admits everybody, admitted the caller.
    Rest,
}

impl Compiled {
    /// What it rests on that a caller was admitted: by this rule, or without one.
    pub(crate) fn basis(&self, rule: Option<usize>, context: &Context<'_>) -> Basis {
        let admission = rule.and_then(|rule| self.rules.get(rule));
        let choice = admission.and_then(|rule| rule.choice.as_ref()).or(self.choice.as_ref());
        let by_name = choice.is_some_and(|choice| choice.is_fixed_for(context));
        let by_weight = choice.is_some_and(|choice| !choice.is_constant()) && !by_name;
        if by_weight || admission.is_some_and(Admission::goes_by_share) {
            Basis::Split
        } else if by_name || admission.is_some_and(|rule| !rule.is_open()) {
            Basis::Targeting
        } else if rule.is_some_and(|rule| rule > 0) {
            Basis::Rest
        } else {
            Basis::Constant
        }
    }
}
