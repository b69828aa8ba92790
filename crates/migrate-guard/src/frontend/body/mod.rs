//! Bodies of `DO` blocks and of functions.

mod fold;
mod lower;
mod parse;
mod reader;
mod syntax;
#[cfg(test)]
mod tests;
mod token;
mod variables;

use squawk_syntax::SyntaxNode;
use squawk_syntax::ast::{self, AstNode};

pub(super) use self::lower::selected;
use super::context::Context;
use super::name;
use super::statements::statements_of;
use crate::ddl::{Block, Language, Leave, OpaqueReason, Statement, Step};

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
    let (block, opaque) = match language {
        Language::Plpgsql => lower::plpgsql(&source, parameters(string.syntax(), cx)),
        _ => lower::sql(statements_of(&source)),
    };
    for part in opaque {
        cx.opaque(part.span, part.reason);
    }
    Some(Block { span, ..block })
}

/// A body that stands there itself: `RETURN …`, `BEGIN ATOMIC … END`.
pub(super) fn atomic(body: &ast::RoutineBody, cx: &mut Context<'_>) -> Block {
    let span = cx.span(body);
    let steps = match body {
        ast::RoutineBody::AtomicBody(body) => {
            body.routine_body_stmts().flat_map(|statement| routine_steps(&statement, cx)).collect()
        }
        ast::RoutineBody::ReturnStmt(returned) => return_steps(returned, cx),
    };
    Block { span, steps, ..Block::default() }
}

fn routine_steps(statement: &ast::RoutineBodyStmt, cx: &mut Context<'_>) -> Vec<Step> {
    match statement {
        ast::RoutineBodyStmt::Stmt(statement) => vec![step(super::lower::statement(statement, cx))],
        ast::RoutineBodyStmt::ReturnStmt(returned) => return_steps(returned, cx),
    }
}

fn return_steps(returned: &ast::ReturnStmt, cx: &mut Context<'_>) -> Vec<Step> {
    let expr = returned.expr().map(|expr| super::expr::expr(&expr, cx));
    let evaluated = expr.map(|expr| Step::Evaluate { into: None, expr: Box::new(expr) });
    evaluated.into_iter().chain([Step::Leave(Leave::Return)]).collect()
}

fn step(statement: Statement) -> Step {
    Step::Statement(Box::new(statement))
}

/// The names of the parameters of the function whose body a string is.
fn parameters(string: &SyntaxNode, cx: &Context<'_>) -> Vec<String> {
    let list = string.ancestors().find_map(|above| above.children().find_map(ast::ParamList::cast));
    let named = list.into_iter().flat_map(|list| list.syntax().descendants().collect::<Vec<_>>());
    named.filter_map(ast::ParamName::cast).map(|param| name::name(cx.text(&param))).collect()
}
