//! Bodies of `DO` blocks and of functions.

use squawk_syntax::ast;

use super::context::Context;
use super::lower;
use super::statements::statements_of;
use crate::ddl::{Block, Language, OpaqueReason, Statement, Step};

/// A body that stands in a string.
pub(super) fn block(string: &ast::Literal, language: &Language, cx: &mut Context<'_>) -> Option<Block> {
    let span = cx.span(string);
    if let Language::Other(name) = language {
        cx.opaque(span, OpaqueReason::Language(name.clone()));
        return None;
    }
    let decoded = string.decoded_value()?;
    let Some(source) = cx.body(&decoded) else {
        cx.opaque(span, OpaqueReason::TooDeep);
        return None;
    };
    Some(of(span, statements_of(&source)))
}

/// A body that stands there itself: `RETURN …`, `BEGIN ATOMIC … END`.
pub(super) fn atomic(body: &ast::RoutineBody, cx: &mut Context<'_>) -> Block {
    let statements = match body {
        ast::RoutineBody::AtomicBody(body) => body.routine_body_stmts().collect(),
        ast::RoutineBody::ReturnStmt(_) => Vec::new(),
    };
    let statements = statements.iter().filter_map(|statement| match statement {
        ast::RoutineBodyStmt::Stmt(statement) => Some(lower::statement(statement, cx)),
        ast::RoutineBodyStmt::ReturnStmt(_) => None,
    });
    let statements = statements.collect();
    of(cx.span(body), statements)
}

fn of(span: crate::Span, statements: Vec<Statement>) -> Block {
    let steps = statements.into_iter().map(|statement| Step::Statement(Box::new(statement)));
    Block { span, steps: steps.collect(), ..Block::default() }
}
