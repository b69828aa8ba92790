use std::ops::Range;

use squawk_syntax::ast::{self, AstNode};
use squawk_syntax::{SyntaxKind, SyntaxNode};

use super::super::super::condition::selected;
use super::super::super::context::Context;
use super::super::super::expr::{call, value};
use super::super::super::query::{innermost, single, targets};
use super::super::syntax::{Node, Over};
use super::super::variables::Set;
use super::known::Here;
use super::{Lowering, evaluate};
use crate::ddl::{CatalogRows, Expr, Step, Value};

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
        Expr { span: self.span(range), text: super::super::super::text::fold(text), ..Expr::default() }
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

    /// The elements of an array that is plain.
    fn elements(&self, node: &ast::Expr, cx: &Context<'_>) -> Option<Vec<Value>> {
        match node {
            ast::Expr::ParenExpr(paren) => self.elements(&paren.expr()?, cx),
            ast::Expr::CastExpr(cast) => self.elements(&call::operand(cast)?, cx),
            ast::Expr::ArrayExpr(array) => array.exprs().map(|element| self.constant(&element, cx)).collect(),
            ast::Expr::NameRef(_) => self.elements_of(node, cx),
            _ => match value(node, cx) {
                Value::Constant(text) => written(&text),
                _ => None,
            },
        }
    }

    /// The elements of an array that a variable holds.
    fn elements_of(&self, node: &ast::Expr, cx: &Context<'_>) -> Option<Vec<Value>> {
        let Value::Column(name) = value(node, cx) else { return None };
        let Set::Expr(range) = self.variables.once(&name)? else { return None };
        let of_name = |inner: &ast::Expr| matches!(inner, ast::Expr::NameRef(_));
        let read = |inner: &ast::Expr, cx: &mut Context<'_>| {
            if of_name(inner) { None } else { self.elements(inner, cx) }
        };
        if self.may_spend(range.len()) { self.item(&range, read) } else { None }
    }

    fn constant(&self, node: &ast::Expr, cx: &Context<'_>) -> Option<Value> {
        match value(node, cx) {
            Value::Constant(text) => Some(Value::Constant(text)),
            Value::Column(name) => self.known_text(&name, 0).map(Value::Constant),
            _ => None,
        }
    }

    /// The rows of a query that are plain, of one column: `VALUES`, `SELECT unnest(…)`, `SELECT x FROM unnest(…)`.
    fn values(&self, select: &SyntaxNode, cx: &Context<'_>) -> Option<Vec<Value>> {
        let select = innermost(select);
        if let Some(values) = ast::Values::cast(select.clone()) {
            return values.row_list()?.rows().map(|row| self.only_value(&row, cx)).collect();
        }
        if let Some(item) = single(&select) {
            return self.unnested(&item, cx);
        }
        let has = |kind| select.children().any(|child| child.kind() == kind);
        let one =
            targets(&select)?.count() == 1 && !has(SyntaxKind::WHERE_CLAUSE) && !has(SyntaxKind::WITH_CLAUSE);
        let from = select.children().find_map(ast::FromClause::cast).filter(|_| one)?;
        let mut items = from.syntax().children();
        let item = items.next().filter(|_| items.next().is_none())?;
        match item.kind() {
            SyntaxKind::FUNCTION_FROM_ITEM => self.unnested(&item.children().find_map(ast::Expr::cast)?, cx),
            SyntaxKind::PAREN_FROM_ITEM => {
                let inner =
                    innermost(&item.children().find(|child| child.kind() == SyntaxKind::PAREN_SELECT)?);
                (inner.kind() == SyntaxKind::VALUES).then(|| self.values(&inner, cx)).flatten()
            }
            _ => None,
        }
    }

    fn only_value(&self, row: &ast::Row, cx: &Context<'_>) -> Option<Value> {
        let mut exprs = row.exprs();
        let first = exprs.next().filter(|_| exprs.next().is_none())?;
        self.constant(&first, cx)
    }

    fn unnested(&self, node: &ast::Expr, cx: &Context<'_>) -> Option<Vec<Value>> {
        let (name, arguments) = call::plain(node, cx)?;
        match (name.as_str(), arguments.as_slice()) {
            ("unnest", [array]) => self.elements(array, cx),
            _ => None,
        }
    }
}

/// `{a,b}`, without quotes or more dimensions.
fn written(array: &str) -> Option<Vec<Value>> {
    let inner = array.strip_prefix('{')?.strip_suffix('}')?;
    let plain = !inner.is_empty() && !inner.contains(['"', '\\', '{']);
    plain.then(|| inner.split(',').map(|element| Value::Constant(element.trim().to_owned())).collect())
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
