//! What PostgreSQL refuses whatever rows there are.

use super::run::Run;
use crate::ddl::Statement;
use crate::{Evidence, Span};

/// Something that PostgreSQL refuses.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    /// Where in the text.
    pub span: Span,
    /// Why.
    pub kind: RefusalKind,
    /// What, or what stands against it, in words.
    pub what: String,
    /// How it is known.
    pub evidence: Evidence,
}

/// Why something is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RefusalKind {
    /// A body runs in a transaction, wherever it is called.
    InBody,
}

impl Run<'_, '_> {
    /// Notes what of a statement is refused. In a block that handles errors it may be meant to be.
    pub(super) fn note_refused(&mut self, statement: &Statement) {
        if self.scope.handled {
            return;
        }
        if let Some(what) = statement.ddl.only_outside().filter(|_| self.scope.depth > 1) {
            self.refuse(statement.span, RefusalKind::InBody, what.to_owned());
        }
    }

    fn refuse(&mut self, span: Span, kind: RefusalKind, what: String) {
        let evidence = if self.scope.is_assumed() { Evidence::Assumed } else { Evidence::Decided };
        self.outcome.refuse(Refusal { span: self.scope.place(span), kind, what, evidence });
    }
}
