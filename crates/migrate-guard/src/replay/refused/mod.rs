//! What PostgreSQL refuses whatever rows there are.

mod column_type;
mod index;

use super::World;
use super::run::Run;
use crate::ddl::{Ddl, Statement};
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
    /// What is there stands against it.
    ByWhatIsThere,
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
        for (span, what) in by_what_is_there(self.world, statement) {
            self.refuse(span, RefusalKind::ByWhatIsThere, what);
        }
    }

    fn refuse(&mut self, span: Span, kind: RefusalKind, what: String) {
        let evidence = if self.scope.is_assumed() { Evidence::Assumed } else { Evidence::Decided };
        self.outcome.refuse(Refusal { span: self.scope.place(span), kind, what, evidence });
    }
}

fn by_what_is_there(world: &World<'_>, statement: &Statement) -> Vec<(Span, String)> {
    let whole = |what: Option<String>| what.map(|what| (statement.span, what)).into_iter().collect();
    match &statement.ddl {
        Ddl::CreateIndex(create) => whole(index::created(world, create)),
        Ddl::Drop(drop) => whole(index::dropped(world, drop)),
        Ddl::AlterTable(alter) => column_type::retyped(world, alter),
        _ => Vec::new(),
    }
}
