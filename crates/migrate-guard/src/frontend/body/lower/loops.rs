use std::ops::Range;

use super::super::syntax::{Node, Over};
use super::known::Here;
use super::{Lowering, evaluate};
use crate::ddl::{CatalogRows, Expr, Step, Value};
use crate::frontend::condition::selected;
use crate::frontend::text::fold;

/// The most rounds of a loop that are told one by one.
const MAX_ITEMS: usize = 1 << 10;

/// How many bytes of text one round is worth: a short loop may have many.
const ITEM: usize = 16;

impl Lowering<'_> {
    /// A loop. What it runs once, before the first round, are steps before it.
    pub(super) fn looped(&mut self, over: &Over, variables: &[String], body: &[Node], steps: &mut Vec<Step>) {
        let rows = self.catalog_rows(over).map(Box::new);
        let (over, items) = self.over(over, steps);
        let mut inner: Vec<_> =
            variables.iter().skip(1).map(|name| evaluate(Some(name.clone()), Expr::default())).collect();
        inner.extend(self.steps(body));
        steps.push(Step::Loop {
            over: Box::new(over),
            items,
            rows,
            variable: variables.first().cloned(),
            body: inner,
        });
    }

    fn over(&mut self, over: &Over, steps: &mut Vec<Step>) -> (Expr, Vec<Value>) {
        match over {
            Over::Nothing => (Expr::default(), Vec::new()),
            Over::Exprs(exprs) => self.exprs(exprs),
            Over::Array(range) => {
                let items = self.item(range, |node, cx| self.elements(node, cx));
                (
                    self.expr(range),
                    items.filter(|items| self.may_spend(items.len() * ITEM)).unwrap_or_default(),
                )
            }
            Over::Query(range) => self.rows(range, steps),
            Over::Cursor { name, span } => {
                match self.variables.cursor(name).filter(|query| self.may_spend(query.len())) {
                    Some(query) => (self.rows(&query, steps).0, Vec::new()),
                    None => (self.named(span), Vec::new()),
                }
            }
            Over::Execute { expr, using } => {
                self.evaluated(using, steps);
                let step = self.execute(expr, expr);
                steps.push(step);
                (self.named(expr), Vec::new())
            }
        }
    }

    /// Something that is looped over and of which nothing is known but that it is there.
    fn named(&self, range: &Range<usize>) -> Expr {
        let text = self.source.text().get(range.clone()).unwrap_or_default();
        Expr { span: self.span(range), text: fold(text), ..Expr::default() }
    }

    /// `WHILE`; the numbers of a range.
    fn exprs(&mut self, exprs: &[Range<usize>]) -> (Expr, Vec<Value>) {
        let parts: Vec<_> = exprs.iter().map(|range| self.expr(range)).collect();
        let items = numbers(&parts, |count| self.may_spend(count * ITEM)).unwrap_or_default();
        let mut parts = parts.into_iter();
        let mut all = parts.next().unwrap_or_default();
        for part in parts {
            all.value = Value::Computed;
            all.span = all.span.cover(part.span);
            all.text = format!("{} .. {}", all.text, part.text);
            all.calls.extend(part.calls);
            all.reads.extend(part.reads);
        }
        (all, items)
    }

    /// The rows of a query. One that writes is a statement before the loop.
    fn rows(&mut self, range: &Range<usize>, steps: &mut Vec<Step>) -> (Expr, Vec<Value>) {
        let Some(expr) = self.only_reads("", range, None) else {
            self.sql(range, None, steps);
            return (self.named(range), Vec::new());
        };
        let items = self.fragment("", range, None, |select, cx| self.values(select, cx)).ok().flatten();
        (expr, items.filter(|items| self.may_spend(items.len() * ITEM)).unwrap_or_default())
    }

    /// The rows of a query that asks the system catalogs.
    fn catalog_rows(&self, over: &Over) -> Option<CatalogRows> {
        let Over::Query(range) = over else { return None };
        if !self.may_spend(range.len()) {
            return None;
        }
        let here = Here { lowering: self, at: range.start };
        self.fragment("", range, None, |select, cx| selected(select, &here, cx)).ok().flatten()
    }
}

/// The numbers of `FOR i IN a .. b BY c`, if they are plain and not too many.
fn numbers(parts: &[Expr], may: impl Fn(usize) -> bool) -> Option<Vec<Value>> {
    let number = |expr: &Expr| match &expr.value {
        Value::Constant(text) => text.parse::<i64>().ok(),
        _ => None,
    };
    let (first, last) = (number(parts.first()?)?, number(parts.get(1)?)?);
    let step = parts.get(2).map_or(Some(1), number).filter(|step| *step > 0)?;
    let count = usize::try_from(last.checked_sub(first)?.checked_div(step)?).ok()?;
    let all = (first..=last).step_by(usize::try_from(step).ok()?);
    (count < MAX_ITEMS && may(count)).then(|| all.map(|number| Value::Constant(number.to_string())).collect())
}
