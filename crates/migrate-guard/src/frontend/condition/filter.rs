use squawk_parser::SyntaxKind;

use super::super::context::Context;
use super::super::expr::{call, value};
use super::super::name;
use super::super::query::targets;
use super::super::walk::Walk;
use super::lookup::{Found, rows};
use super::subquery;
use crate::ddl::Value;
use crate::frontend::tree::ast::{self, AstNode};

/// What one side of a comparison is.
enum Side {
    Column(String),
    Constant(String),
    /// A variable whose value is only known when the body is run.
    Variable(String),
    /// Where the session is: its database, its search path.
    Here,
    Other,
}

/// Notes what a filter asks for. What is not understood makes the question a partial one.
pub(super) fn filter(found: &mut Found<'_>, node: &ast::Expr, cx: &mut Context<'_>) {
    if filtered(found, node, cx).is_none() {
        found.lookup.partial = true;
    }
}

fn filtered(found: &mut Found<'_>, node: &ast::Expr, cx: &mut Context<'_>) -> Option<()> {
    match node {
        ast::Expr::ParenExpr(paren) => filtered(found, &paren.expr()?, cx),
        ast::Expr::BinExpr(binary) => compared(found, binary, cx),
        ast::Expr::PrefixExpr(prefix) => {
            let inner = prefix.expr().filter(|_| matches!(prefix.op(), Some(SyntaxKind::NOT_KW)))?;
            truth(found, &inner, false, cx)
        }
        ast::Expr::CallExpr(_) => is_visible(node, cx).then_some(()),
        _ => truth(found, node, true, cx),
    }
}

/// A column that is true or false by itself.
fn truth(found: &mut Found<'_>, node: &ast::Expr, holds: bool, cx: &mut Context<'_>) -> Option<()> {
    match side(found, node, cx) {
        Side::Column(column) => found.lookup.equals.push((column, holds.to_string())),
        Side::Constant(text) if text == holds.to_string() => {}
        _ => return None,
    }
    Some(())
}

fn compared(found: &mut Found<'_>, binary: &ast::BinExpr, cx: &mut Context<'_>) -> Option<()> {
    let (left, right) = (binary.lhs()?, binary.rhs()?);
    match binary.op()? {
        SyntaxKind::AND_KW => {
            filter(found, &left, cx);
            filter(found, &right, cx);
            Some(())
        }
        SyntaxKind::EQ => equal(found, &left, &right, cx).or_else(|| equal(found, &right, &left, cx)),
        SyntaxKind::IN_KW => among(found, &left, &right, cx),
        SyntaxKind::R_ANGLE => is_own_column(found, &left, &right, cx),
        SyntaxKind::IS_KW => is(found, &left, &right, true, cx),
        SyntaxKind::IS_NOT => is(found, &left, &right, false, cx),
        _ => None,
    }
}

/// `column IS TRUE`, `column IS NOT TRUE` and so on.
fn is(
    found: &mut Found<'_>,
    left: &ast::Expr,
    right: &ast::Expr,
    is: bool,
    cx: &mut Context<'_>,
) -> Option<()> {
    match value(right, cx) {
        Value::Constant(text) if text == "true" => truth(found, left, is, cx),
        Value::Constant(text) if text == "false" => truth(found, left, !is, cx),
        _ => None,
    }
}

/// `column = 'value'`; a join of two columns asks for nothing.
fn equal(found: &mut Found<'_>, left: &ast::Expr, right: &ast::Expr, cx: &mut Context<'_>) -> Option<()> {
    let Side::Column(column) = side(found, left, cx) else { return None };
    match side(found, right, cx) {
        Side::Constant(text) => found.lookup.equals.push((column, text)),
        Side::Variable(name) => found.lookup.variables.push((column, name)),
        Side::Column(_) | Side::Here => {}
        Side::Other => return by_query(found, right, cx),
    }
    Some(())
}

/// `conrelid = (SELECT oid FROM pg_class WHERE …)`: as if the two were joined.
fn by_query(found: &mut Found<'_>, right: &ast::Expr, cx: &mut Context<'_>) -> Option<()> {
    let select = subquery(right.syntax())?;
    let mut selected = targets(&select)?;
    let target = selected.next().filter(|_| selected.next().is_none())?.expr()?;
    let Value::Column(_) = value(&target, cx) else { return None };
    let other = rows(&select, found.known, cx)?;
    found.merge(other);
    Some(())
}

/// `column IN ('value')`, `column IN (SELECT …)`. Of several values any may be meant, save of what a relation is: every
/// kind that is worth a question is among them.
fn among(found: &mut Found<'_>, left: &ast::Expr, right: &ast::Expr, cx: &mut Context<'_>) -> Option<()> {
    let Side::Column(column) = side(found, left, cx) else { return None };
    match right {
        ast::Expr::ParenExpr(paren) if paren.expr().is_some() => equal(found, left, right, cx),
        ast::Expr::ParenExpr(_) => by_query(found, right, cx),
        _ => matches!(column.as_str(), "relkind" | "table_type").then_some(()),
    }
}

/// `attnum > 0`: the system's own columns are left out everywhere.
fn is_own_column(
    found: &mut Found<'_>,
    left: &ast::Expr,
    right: &ast::Expr,
    cx: &mut Context<'_>,
) -> Option<()> {
    match (side(found, left, cx), side(found, right, cx)) {
        (Side::Column(column), Side::Constant(number)) if column == "attnum" && number == "0" => Some(()),
        _ => None,
    }
}

fn side(found: &Found<'_>, node: &ast::Expr, cx: &Context<'_>) -> Side {
    match value(node, cx) {
        Value::Constant(text) => Side::Constant(text),
        Value::Column(column) => named(found, node, column, cx),
        Value::Null => Side::Other,
        Value::Computed => computed(found, node, cx),
    }
}

/// A name may be a variable's: `name`, or `record.field`.
fn named(found: &Found<'_>, node: &ast::Expr, column: String, cx: &Context<'_>) -> Side {
    let first = name::parts(cx.text(node)).into_iter().next().unwrap_or_default();
    match found.known.value(&first).filter(|_| first == column) {
        Some(text) => Side::Constant(text),
        None if found.known.is_variable(&first) => Side::Variable(variable(node, cx)),
        None => Side::Column(column),
    }
}

/// A variable as it is written, quotes taken off.
fn variable(node: &ast::Expr, cx: &Context<'_>) -> String {
    name::parts(cx.text(node)).join(".")
}

/// A column that is cast is still that column: `conrelid::regclass`, `typname::text`.
fn computed(found: &Found<'_>, node: &ast::Expr, cx: &Context<'_>) -> Side {
    match node {
        ast::Expr::CastExpr(cast) => call::operand(cast).map_or(Side::Other, |inner| side(found, &inner, cx)),
        ast::Expr::ParenExpr(paren) => paren.expr().map_or(Side::Other, |inner| side(found, &inner, cx)),
        _ if is_here(node, cx) => Side::Here,
        _ => Side::Other,
    }
}

/// `current_schema()`, `ANY (current_schemas(false))`, `current_database()`.
fn is_here(node: &ast::Expr, cx: &Context<'_>) -> bool {
    const HERE: &[&str] = &["current_schema", "current_schemas", "current_database"];
    calls_only(node, cx, |name| HERE.contains(&name))
}

/// `pg_table_is_visible(…)` and its kin: what is found without its schema.
fn is_visible(node: &ast::Expr, cx: &Context<'_>) -> bool {
    calls_only(node, cx, |name| name.starts_with("pg_") && name.ends_with("_is_visible"))
}

/// Whether an expression is nothing but a call of such a function.
fn calls_only(node: &ast::Expr, cx: &Context<'_>, is: impl Fn(&str) -> bool) -> bool {
    let found = Walk::new(cx).within(|walk| walk.visit(node.syntax()));
    let plain = matches!(node, ast::Expr::CallExpr(_) | ast::Expr::NameRef(_));
    plain && found.reads.is_empty() && matches!(found.calls.as_slice(), [call] if is(&call.name.name))
}
