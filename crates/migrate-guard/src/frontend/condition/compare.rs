use squawk_parser::SyntaxKind;

use super::super::context::Context;
use super::super::expr::value;
use super::super::query::{single, targets};
use super::super::walk::Walk;
use super::{Asked, Known, lookup, not, subquery};
use crate::ddl::{Call, Condition, Lookup, Value};
use crate::frontend::tree::SyntaxNode;
use crate::frontend::tree::ast::{self, AstNode};

/// How a count is compared with a number.
#[derive(Clone, Copy, PartialEq)]
enum Order {
    Less,
    LessOrEqual,
    Equal,
    NotEqual,
    GreaterOrEqual,
    Greater,
}

impl Asked<'_> {
    /// A comparison: of a count, of a truth value, with `NULL`, with the rows of a query.
    pub(super) fn compared(
        &mut self,
        left: &ast::Expr,
        op: SyntaxKind,
        right: &ast::Expr,
        cx: &mut Context<'_>,
    ) -> Option<Condition> {
        match op {
            SyntaxKind::IN_KW => self.among(left, right, cx),
            SyntaxKind::NOT_IN => self.among(left, right, cx).map(not),
            SyntaxKind::IS_KW => self.is(left, right, cx),
            SyntaxKind::IS_NOT => self.is(left, right, cx).map(not),
            _ => self.ordered(left, order(op)?, right, cx),
        }
    }

    fn ordered(
        &mut self,
        left: &ast::Expr,
        order: Order,
        right: &ast::Expr,
        cx: &mut Context<'_>,
    ) -> Option<Condition> {
        let count = self.count_against(left, order, right, cx);
        let count = count.or_else(|| self.count_against(right, turned(order), left, cx));
        count.or_else(|| match order {
            Order::Equal => self.same(left, right, cx).or_else(|| self.selected_as(left, right, cx)),
            Order::NotEqual => self.same(left, right, cx).map(not),
            _ => None,
        })
    }

    /// `(SELECT column FROM …) = 'value'`, also of a variable: a row with that value.
    fn selected_as(
        &mut self,
        left: &ast::Expr,
        right: &ast::Expr,
        cx: &mut Context<'_>,
    ) -> Option<Condition> {
        let Value::Constant(text) = value(right, cx) else { return None };
        let (mut lookup, column) = self.column_of(left, cx)?;
        lookup.equals.push((column, text));
        Some(Condition::Exists(lookup))
    }

    fn column_of(&mut self, node: &ast::Expr, cx: &mut Context<'_>) -> Option<(Lookup, String)> {
        if let ast::Expr::ParenExpr(paren) = node {
            return match paren.expr() {
                Some(inner) => self.column_of(&inner, cx),
                None => one_column(&subquery(paren.syntax())?, self, cx),
            };
        }
        let Value::Column(name) = value(node, cx) else { return None };
        self.followed(&name, |asked, select, cx| match single(select) {
            Some(inner) => asked.column_of(&inner, cx),
            None => one_column(select, asked, cx),
        })
    }

    /// `'x' IN (SELECT column FROM …)`.
    fn among(&mut self, left: &ast::Expr, right: &ast::Expr, cx: &mut Context<'_>) -> Option<Condition> {
        let Value::Constant(text) = value(left, cx) else { return None };
        let (mut lookup, column) = one_column(&subquery(right.syntax())?, self, cx)?;
        lookup.equals.push((column, text));
        Some(Condition::Exists(lookup))
    }

    /// `x IS NULL`, `x IS TRUE`, `x IS FALSE`.
    fn is(&mut self, left: &ast::Expr, right: &ast::Expr, cx: &mut Context<'_>) -> Option<Condition> {
        match value(right, cx) {
            Value::Null => self.any_row(left, cx).map(not),
            Value::Constant(_) => self.same(left, right, cx),
            _ => None,
        }
    }

    /// `x = true`, `x = false`.
    fn same(&mut self, left: &ast::Expr, right: &ast::Expr, cx: &mut Context<'_>) -> Option<Condition> {
        let Value::Constant(text) = value(right, cx) else { return None };
        match text.as_str() {
            "true" => self.condition(left, cx),
            "false" => self.condition(left, cx).map(not),
            _ => None,
        }
    }

    /// Whether what is compared with `NULL` has a row: a subquery, `to_regclass('x')`, a variable that was selected.
    fn any_row(&mut self, node: &ast::Expr, cx: &mut Context<'_>) -> Option<Condition> {
        if let ast::Expr::ParenExpr(paren) = node {
            return match paren.expr() {
                Some(inner) => self.any_row(&inner, cx),
                None => filled(&subquery(paren.syntax())?, self, cx),
            };
        }
        if let Value::Column(name) = value(node, cx) {
            return self.followed(&name, |asked, select, cx| match single(select) {
                Some(inner) => asked.any_row(&inner, cx),
                None => filled(select, asked, cx),
            });
        }
        registered(node, self.known, cx).map(Condition::Exists)
    }

    /// `(SELECT count(*) …) > 0`, also of a variable.
    fn count_against(
        &mut self,
        count: &ast::Expr,
        order: Order,
        number: &ast::Expr,
        cx: &mut Context<'_>,
    ) -> Option<Condition> {
        let Value::Constant(number) = value(number, cx) else { return None };
        let some = says_some(order, &number)?;
        let lookup = self.count_of(count, cx)?;
        Some(if some { Condition::Exists(lookup) } else { not(Condition::Exists(lookup)) })
    }

    fn count_of(&mut self, node: &ast::Expr, cx: &mut Context<'_>) -> Option<Lookup> {
        if let ast::Expr::ParenExpr(paren) = node {
            return match paren.expr() {
                Some(inner) => self.count_of(&inner, cx),
                None => counted_rows(&subquery(paren.syntax())?, self, cx),
            };
        }
        let Value::Column(name) = value(node, cx) else { return None };
        self.followed(&name, |asked, select, cx| match single(select) {
            Some(inner) => asked.count_of(&inner, cx),
            None => counted_rows(select, asked, cx),
        })
    }

    /// `SELECT count(*) > 0 FROM …`.
    pub(super) fn counted(&mut self, select: &SyntaxNode, cx: &mut Context<'_>) -> Option<Condition> {
        let ast::Expr::BinExpr(binary) = one_target(select)? else { return None };
        let (left, right, order) = (binary.lhs()?, binary.rhs()?, order(binary.op()?)?);
        let (count, number, order) =
            if is_count(&left, cx) { (left, right, order) } else { (right, left, turned(order)) };
        let Value::Constant(number) = value(&number, cx) else { return None };
        let some = says_some(order, &number).filter(|_| is_count(&count, cx))?;
        let rows = Condition::Exists(lookup::grouped(select, self.known, cx)?);
        Some(if some { rows } else { not(rows) })
    }
}

/// Whether a query's one value is not null: it has a row, and what it selects of it is never null.
fn filled(select: &SyntaxNode, asked: &mut Asked<'_>, cx: &mut Context<'_>) -> Option<Condition> {
    let target = one_target(select)?;
    let never_null = match value(&target, cx) {
        Value::Constant(_) => true,
        Value::Column(column) => column == "oid" || column.ends_with("name"),
        _ => false,
    };
    lookup::rows(select, asked.known, cx).filter(|_| never_null).map(Condition::Exists)
}

/// What `SELECT count(*) FROM …` counts.
fn counted_rows(select: &SyntaxNode, asked: &mut Asked<'_>, cx: &mut Context<'_>) -> Option<Lookup> {
    let target = one_target(select)?;
    is_count(&target, cx).then(|| lookup::grouped(select, asked.known, cx)).flatten()
}

/// The one column that a question selects.
fn one_column(select: &SyntaxNode, asked: &Asked<'_>, cx: &mut Context<'_>) -> Option<(Lookup, String)> {
    let Value::Column(column) = value(&one_target(select)?, cx) else { return None };
    lookup::rows(select, asked.known, cx).map(|lookup| (lookup, column))
}

fn one_target(select: &SyntaxNode) -> Option<ast::Expr> {
    let mut targets = targets(select)?;
    let first = targets.next()?.expr()?;
    targets.next().is_none().then_some(first)
}

fn is_count(node: &ast::Expr, cx: &Context<'_>) -> bool {
    matches!(node, ast::Expr::CallExpr(_))
        && first_call(node, cx).is_some_and(|call| call.name.name == "count")
}

fn first_call(node: &ast::Expr, cx: &Context<'_>) -> Option<Call> {
    let mut walk = Walk::new(cx);
    walk.within(|walk| walk.visit(node.syntax())).calls.into_iter().next()
}

/// `to_regclass('x')` and its kin: the catalog that it asks, and what for.
fn registered(node: &ast::Expr, known: &dyn Known, cx: &Context<'_>) -> Option<Lookup> {
    let call = first_call(node, cx).filter(|_| matches!(node, ast::Expr::CallExpr(_)))?;
    let relation = match call.name.name.as_str() {
        "to_regclass" => "pg_class",
        "to_regtype" => "pg_type",
        "to_regproc" | "to_regprocedure" => "pg_proc",
        "to_regnamespace" => "pg_namespace",
        "to_regrole" => "pg_roles",
        _ => return None,
    };
    let mut lookup = Lookup { relations: vec![relation.to_owned()], ..Lookup::default() };
    match call.arguments.as_slice() {
        [Value::Constant(name)] => lookup.equals.push(("oid".to_owned(), name.clone())),
        [Value::Column(variable)] => match known.value(variable) {
            Some(name) => lookup.equals.push(("oid".to_owned(), name)),
            None if known.is_variable(variable) => {
                lookup.variables.push(("oid".to_owned(), variable.clone()));
            }
            None => return None,
        },
        _ => return None,
    }
    Some(lookup)
}

fn order(op: SyntaxKind) -> Option<Order> {
    Some(match op {
        SyntaxKind::L_ANGLE => Order::Less,
        SyntaxKind::LTEQ => Order::LessOrEqual,
        SyntaxKind::EQ => Order::Equal,
        SyntaxKind::NEQ | SyntaxKind::NEQB => Order::NotEqual,
        SyntaxKind::GTEQ => Order::GreaterOrEqual,
        SyntaxKind::R_ANGLE => Order::Greater,
        _ => return None,
    })
}

/// The same, with the sides changed.
fn turned(order: Order) -> Order {
    match order {
        Order::Less => Order::Greater,
        Order::LessOrEqual => Order::GreaterOrEqual,
        Order::GreaterOrEqual => Order::LessOrEqual,
        Order::Greater => Order::Less,
        Order::Equal | Order::NotEqual => order,
    }
}

/// Whether a count that compares so is of some rows, or of none; nothing if it says neither.
fn says_some(order: Order, number: &str) -> Option<bool> {
    match (order, number) {
        (Order::Greater | Order::NotEqual, "0") | (Order::GreaterOrEqual, "1") => Some(true),
        (Order::Equal | Order::LessOrEqual, "0") | (Order::Less, "1") => Some(false),
        _ => None,
    }
}
