//! What else an adapter wants to know of a read.

use super::Flags;
use super::evaluation::Evaluation;
use super::status::{Standing, Started};
use crate::hot::Reason;
use crate::rules::{Basis, Context};

impl Flags {
    /// What a flag is for this caller, and what that rests on.
    ///
    /// The two are looked up one after the other: rules that are replaced in between can make the second one another's.
    pub(crate) fn evaluate_with_basis(&self, name: &str, context: &Context<'_>) -> (Evaluation, Basis) {
        let evaluation = self.evaluate(name, context);
        let rule = match evaluation.reason {
            Reason::Rule(rule) => Some(usize::from(rule)),
            Reason::Everybody => None,
            _ => return (evaluation, Basis::Constant),
        };
        let rules = self.shared.table.get(name).map(|slot| slot.rules());
        let basis = rules.as_ref().and_then(|rules| rules.as_ref()).map(|rules| rules.basis(rule, context));
        (evaluation, basis.unwrap_or(Basis::Constant))
    }

    /// How things stand with the store, without a copy of everything else.
    pub(crate) fn standing(&self) -> (Standing, Started) {
        self.shared.with_status(|status| (status.standing, status.started))
    }
}
