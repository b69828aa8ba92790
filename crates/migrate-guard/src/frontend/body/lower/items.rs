use squawk_parser::SyntaxKind;

use super::super::variables::Set;
use super::Lowering;
use crate::ddl::Value;
use crate::frontend::context::Context;
use crate::frontend::expr::{call, value};
use crate::frontend::query::{innermost, single, targets};
use crate::frontend::tree::SyntaxNode;
use crate::frontend::tree::ast::{self, AstNode};

impl Lowering<'_> {
    /// The elements of an array that is plain.
    pub(super) fn elements(&self, node: &ast::Expr, cx: &Context<'_>) -> Option<Vec<Value>> {
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
    pub(super) fn values(&self, select: &SyntaxNode, cx: &Context<'_>) -> Option<Vec<Value>> {
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
