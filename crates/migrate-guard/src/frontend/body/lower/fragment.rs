use std::ops::Range;

use super::Lowering;
use crate::ddl::{Expr, Opaque, OpaqueReason, Statement};
use crate::frontend::context::Context;
use crate::frontend::expr::expr;
use crate::frontend::query::{query, single};
use crate::frontend::source::Source;
use crate::frontend::statements::{one, statements_with};
use crate::frontend::text::fold;
use crate::frontend::tree::SyntaxNode;
use crate::frontend::tree::ast;

/// What PL/pgSQL puts before an expression to make it a query.
pub(in crate::frontend::body) const SELECT: &str = "SELECT ";

/// What a `SELECT` computes: its one item, or all that it reads and calls.
pub(in crate::frontend) fn selected(select: &SyntaxNode, cx: &mut Context<'_>) -> Expr {
    if let Some(item) = single(select) {
        return expr(&item, cx);
    }
    let query = query(select, cx);
    let text = fold(cx.text_of(select.text_range()));
    let led = text.get(..SELECT.len()).is_some_and(|lead| lead.eq_ignore_ascii_case(SELECT));
    let text = text.get(SELECT.len()..).filter(|_| led).map_or(text.clone(), ToOwned::to_owned);
    Expr { span: query.span, text, ..Expr::from(&query) }
}

impl Lowering<'_> {
    /// Reads the statement that a range is with `lead` before it, and with spaces where `blank` is.
    pub(super) fn fragment<T>(
        &self,
        lead: &str,
        range: &Range<usize>,
        blank: Option<&Range<usize>>,
        read: impl FnOnce(&SyntaxNode, &mut Context<'_>) -> T,
    ) -> Result<T, OpaqueReason> {
        let text = self.text(lead, range, blank);
        let source = self.source.part(&text, range.start, lead.len());
        let (node, start) = one(&source)?;
        let mut cx = Context::new(&source, start, &self.known);
        Ok(read(&node, &mut cx))
    }

    /// The statements of a range.
    pub(super) fn statements(
        &mut self,
        range: &Range<usize>,
        blank: Option<&Range<usize>>,
    ) -> Vec<Statement> {
        let text = self.text("", range, blank);
        let source = self.source.part(&text, range.start, 0);
        self.read(&source)
    }

    /// The statements of a text; what in them was not understood is that of the body, too.
    pub(super) fn read(&mut self, source: &Source<'_>) -> Vec<Statement> {
        let statements = statements_with(source, &self.known);
        self.opaque.extend(statements.iter().flat_map(|statement| statement.opaque.iter().cloned()));
        statements
    }

    fn text(&self, lead: &str, range: &Range<usize>, blank: Option<&Range<usize>>) -> String {
        let text = |range: Range<usize>| self.source.text().get(range).unwrap_or_default();
        match blank {
            Some(blank) => {
                let (before, after) = (text(range.start..blank.start), text(blank.end..range.end));
                format!("{lead}{before}{}{after}", " ".repeat(blank.len()))
            }
            None => format!("{lead}{}", text(range.clone())),
        }
    }

    /// An expression.
    pub(super) fn expr(&mut self, range: &Range<usize>) -> Expr {
        let read = self.fragment(SELECT, range, None, selected);
        read.unwrap_or_else(|reason| self.not_read(range, reason))
    }

    /// What is known of an expression that could not be read: its text.
    pub(super) fn not_read(&mut self, range: &Range<usize>, reason: OpaqueReason) -> Expr {
        let span = self.span(range);
        self.opaque.push(Opaque { span, reason });
        let text = fold(self.source.text().get(range.clone()).unwrap_or_default());
        Expr { span, text, ..Expr::default() }
    }

    /// Reads the one item of an expression.
    pub(super) fn item<T>(
        &self,
        range: &Range<usize>,
        read: impl FnOnce(&ast::Expr, &mut Context<'_>) -> Option<T>,
    ) -> Option<T> {
        let read = |select: &SyntaxNode, cx: &mut Context<'_>| read(&single(select)?, cx);
        self.fragment(SELECT, range, None, read).ok().flatten()
    }

    /// Whether so many bytes may be read once more.
    pub(super) fn may_spend(&self, bytes: usize) -> bool {
        let spent = self.spent.get().saturating_add(bytes);
        self.spent.set(spent);
        spent <= (1 << 16) + 8 * self.source.text().len()
    }
}
