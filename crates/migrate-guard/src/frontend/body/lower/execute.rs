use std::ops::Range;

use super::Lowering;
use crate::ddl::{Opaque, OpaqueReason, Statement, Step};

impl Lowering<'_> {
    /// `EXECUTE` at `range`, of what `expr` makes.
    pub(super) fn execute(&mut self, range: &Range<usize>, expr: &Range<usize>) -> Step {
        let span = self.span(range);
        let text = self.text_of(expr, 0).filter(|text| self.may_spend(text.len().saturating_sub(expr.len())));
        let statements = text.map(|text| self.made(&text, span)).unwrap_or_default();
        Step::Execute { span, expr: Box::new(self.expr(expr)), statements }
    }

    fn made(&mut self, text: &str, span: crate::Span) -> Vec<Statement> {
        let source = self.source.made(text, span);
        if source.is_none() {
            self.opaque.push(Opaque { span, reason: OpaqueReason::TooDeep });
        }
        source.map(|source| self.read(&source)).unwrap_or_default()
    }
}
