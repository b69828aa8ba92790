use std::ops::Range;

use super::super::syntax::Into;
use super::fragment::{SELECT, selected};
use super::{Lowering, evaluate, set};
use crate::ddl::{Ddl, Expr, Query, Statement, Step, Verb};
use crate::frontend::query;

impl Lowering<'_> {
    /// A statement of SQL. A query that only reads, and sets variables, is an expression that is evaluated.
    pub(super) fn sql(&mut self, text: &Range<usize>, into: Option<&Into>, steps: &mut Vec<Step>) {
        let blank = into.map(|into| &into.span);
        let Some(into) = into else {
            let statements = self.statements(text, blank);
            return steps.extend(statements.into_iter().map(super::super::step));
        };
        let Some(expr) = self.only_reads("", text, blank) else {
            let statements = self.statements(text, blank);
            steps.extend(statements.into_iter().map(super::super::step));
            return set(&into.targets, steps);
        };
        steps.push(evaluate(into.targets.first().map(super::variable), expr));
        set(into.targets.get(1..).unwrap_or_default(), steps);
    }

    /// What a query that only reads computes.
    pub(super) fn only_reads(
        &mut self,
        lead: &str,
        text: &Range<usize>,
        blank: Option<&Range<usize>>,
    ) -> Option<Expr> {
        let read = self.fragment(lead, text, blank, |node, cx| {
            let reads = matches!(query::statement(node, cx), Ddl::Query(query) if only_reads(&query));
            reads.then(|| selected(node, cx))
        });
        read.ok().flatten()
    }

    /// `PERFORM`: a query for what its functions do.
    pub(super) fn perform(&mut self, range: &Range<usize>, steps: &mut Vec<Step>) {
        if let Some(expr) = self.only_reads(SELECT, range, None) {
            return steps.push(evaluate(None, expr));
        }
        let read = self.fragment(SELECT, range, None, |node, cx| Statement {
            span: cx.span_of(node.text_range()),
            ddl: query::statement(node, cx),
            opaque: cx.take_opaque(),
        });
        match read {
            Ok(statement) => steps.push(super::super::step(statement)),
            Err(reason) => {
                let expr = self.not_read(range, reason);
                steps.push(evaluate(None, expr));
            }
        }
    }

    /// `OPEN` of a cursor that has its query.
    pub(super) fn open(&mut self, cursor: &str, steps: &mut Vec<Step>) {
        let query = self.variables.cursor(cursor).filter(|query| self.may_spend(query.len()));
        if let Some(query) = query {
            self.sql(&query, None, steps);
        }
    }
}

fn only_reads(query: &Query) -> bool {
    query.verb == Verb::Select && query.with.is_empty()
}
