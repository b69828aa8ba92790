//! Conditions of `IF` and `WHILE`, as far as the system catalogs can answer them.

mod compare;
mod filter;
mod lookup;
#[cfg(test)]
mod tests;

pub(super) use self::lookup::selected;

use squawk_parser::SyntaxKind;

use super::context::Context;
use super::expr::{expr, value};
use super::query::single;
use crate::ddl::{Condition, Expr, Value};
use crate::frontend::tree::SyntaxNode;
use crate::frontend::tree::ast::{self, AstNode};

/// How many variables are followed that were set from one another.
const MAX_DEPTH: u8 = 4;

/// What is known of the variables of a body where a condition is asked.
pub(super) trait Known {
    /// Whether a name is a variable's, and not a column's.
    fn is_variable(&self, name: &str) -> bool;
    /// The plain value of a variable.
    fn value(&self, name: &str) -> Option<String>;
    /// Reads the query that a variable was set from, if it was set once; of `FOUND`, the one before.
    fn query(&self, name: &str, read: &mut dyn FnMut(&SyntaxNode, &mut Context<'_>));
}

/// When the expression holds that a `SELECT` selects, as PL/pgSQL makes a condition one.
pub(super) fn condition(select: &SyntaxNode, cx: &mut Context<'_>, known: &dyn Known) -> Condition {
    let mut asked = Asked { known, depth: 0 };
    asked.selected(select, cx).unwrap_or_else(|| unknown(select, cx))
}

/// Conditions, and how many variables were followed to get to them.
struct Asked<'k> {
    known: &'k dyn Known,
    depth: u8,
}

impl Asked<'_> {
    /// The one thing a `SELECT` selects: of nothing, or a count of what is in the catalogs.
    fn selected(&mut self, select: &SyntaxNode, cx: &mut Context<'_>) -> Option<Condition> {
        match single(select) {
            Some(expr) => self.condition(&expr, cx),
            None => self.counted(select, cx),
        }
    }

    /// What an expression says, if that is not all unknown.
    fn condition(&mut self, node: &ast::Expr, cx: &mut Context<'_>) -> Option<Condition> {
        match node {
            ast::Expr::ParenExpr(paren) => self.paren(paren, cx),
            ast::Expr::Literal(literal) => truth(literal),
            ast::Expr::PrefixExpr(prefix) => self.negated(prefix, cx),
            ast::Expr::BinExpr(binary) => self.binary(binary, cx),
            ast::Expr::CallExpr(call) => self.exists(call.syntax(), cx),
            ast::Expr::NameRef(_) => self.variable(node, cx),
            _ => None,
        }
    }

    /// What an expression says; of what nothing is known, its text.
    fn part(&mut self, node: &ast::Expr, cx: &mut Context<'_>) -> Condition {
        self.condition(node, cx).unwrap_or_else(|| said(expr(node, cx)))
    }

    fn paren(&mut self, paren: &ast::ParenExpr, cx: &mut Context<'_>) -> Option<Condition> {
        match paren.expr() {
            Some(inner) => self.condition(&inner, cx),
            None => self.selected(&subquery(paren.syntax())?, cx),
        }
    }

    fn negated(&mut self, prefix: &ast::PrefixExpr, cx: &mut Context<'_>) -> Option<Condition> {
        let inner = prefix.expr().filter(|_| matches!(prefix.op(), Some(SyntaxKind::NOT_KW)))?;
        self.condition(&inner, cx).map(not)
    }

    fn binary(&mut self, binary: &ast::BinExpr, cx: &mut Context<'_>) -> Option<Condition> {
        let (left, right) = (binary.lhs()?, binary.rhs()?);
        match binary.op()? {
            SyntaxKind::AND_KW => Some(Condition::All(self.parts(&left, &right, true, cx))),
            SyntaxKind::OR_KW => Some(Condition::Any(self.parts(&left, &right, false, cx))),
            op => self.compared(&left, op, &right, cx),
        }
    }

    /// Both sides of an `AND` or `OR`, those within the sides among them.
    fn parts(
        &mut self,
        left: &ast::Expr,
        right: &ast::Expr,
        and: bool,
        cx: &mut Context<'_>,
    ) -> Vec<Condition> {
        let mut parts = Vec::new();
        for side in [left, right] {
            match (self.part(side, cx), and) {
                (Condition::All(inner), true) | (Condition::Any(inner), false) => parts.extend(inner),
                (part, _) => parts.push(part),
            }
        }
        parts
    }

    /// `EXISTS (SELECT …)`.
    fn exists(&mut self, call: &SyntaxNode, cx: &mut Context<'_>) -> Option<Condition> {
        let exists = call.children().find(|child| child.kind() == SyntaxKind::EXISTS_FN)?;
        let select = exists.children().find_map(ast::SelectVariant::cast)?;
        lookup::rows(select.syntax(), self.known, cx).map(Condition::Exists)
    }

    /// A variable that is true or not, and was set once; `FOUND`.
    fn variable(&mut self, node: &ast::Expr, cx: &Context<'_>) -> Option<Condition> {
        let Value::Column(name) = value(node, cx) else { return None };
        if name == FOUND {
            return self.rows_of(&name);
        }
        self.followed(&name, Self::selected)
    }

    /// Whether the query that set a variable had a row.
    fn rows_of(&mut self, name: &str) -> Option<Condition> {
        self.followed(name, |asked, select, cx| lookup::rows(select, asked.known, cx).map(Condition::Exists))
    }

    /// Reads the query that a variable was set from.
    fn followed<T>(
        &mut self,
        name: &str,
        mut read: impl FnMut(&mut Self, &SyntaxNode, &mut Context<'_>) -> Option<T>,
    ) -> Option<T> {
        if self.depth >= MAX_DEPTH {
            return None;
        }
        self.depth += 1;
        let (known, mut found) = (self.known, None);
        known.query(name, &mut |select, cx| found = read(self, select, cx));
        self.depth -= 1;
        found
    }
}

/// The variable that says whether the last statement had a row.
pub(super) const FOUND: &str = "found";

/// The query in parentheses.
fn subquery(paren: &SyntaxNode) -> Option<SyntaxNode> {
    paren.children().find_map(ast::SelectVariant::cast).map(|select| select.syntax().clone())
}

fn truth(literal: &ast::Literal) -> Option<Condition> {
    match literal.kind()? {
        SyntaxKind::TRUE_KW => Some(Condition::Always),
        SyntaxKind::FALSE_KW | SyntaxKind::NULL_KW => Some(not(Condition::Always)),
        _ => None,
    }
}

/// The opposite.
fn not(condition: Condition) -> Condition {
    match condition {
        Condition::Not(inner) => *inner,
        other => Condition::Not(Box::new(other)),
    }
}

fn unknown(select: &SyntaxNode, cx: &mut Context<'_>) -> Condition {
    said(super::body::selected(select, cx))
}

fn said(expr: Expr) -> Condition {
    Condition::Unknown { text: expr.text, reads: expr.reads, calls: expr.calls }
}
