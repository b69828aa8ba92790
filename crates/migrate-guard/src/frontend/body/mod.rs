//! Bodies of `DO` blocks and of functions.

mod check;
mod fold;
mod lower;
mod parse;
mod reader;
mod syntax;
#[cfg(test)]
mod tests;
mod token;
mod variables;

use crate::frontend::tree::SyntaxNode;
use crate::frontend::tree::ast::{self, AstNode};
use squawk_syntax::decoded_text::DecodedText;

pub(super) use self::check::Known;
pub(super) use self::lower::selected;
use super::context::Context;
use super::name;
use super::source::Source;
use super::statements::statements_of;
use crate::Span;
use crate::ddl::{Block, Body, Language, Leave, Opaque, OpaqueReason, Statement, Step};

/// The body of a `DO` block, which stands in a string.
pub(super) fn block(string: &ast::Literal, language: &Language, cx: &mut Context<'_>) -> Option<Block> {
    let (block, opaque) = read(string, language, cx)?;
    note(&opaque, cx);
    Some(block)
}

/// The body of a function that stands in a string. One in PL/pgSQL of which all parses is read when somebody asks.
pub(super) fn of_function(string: &ast::Literal, language: &Language, cx: &mut Context<'_>) -> Option<Body> {
    let body = if *language == Language::Plpgsql {
        let decoded = decoded(string, language, cx)?;
        let parsed = parse::parse(decoded.text());
        let at = cx.top(string).filter(|_| cx.known().parses(decoded.text(), &parsed));
        let unread =
            Unread { span: cx.span(string), decoded, parsed, parameters: parameters(string.syntax(), cx) };
        if let Some(at) = at {
            return Some(Body::later(move || unread.read_at(at)));
        }
        unread.read(&cx.body(string, &unread.decoded)?)
    } else {
        read(string, language, cx)?
    };
    note(&body.1, cx);
    Some(body.into())
}

fn read(string: &ast::Literal, language: &Language, cx: &mut Context<'_>) -> Option<(Block, Vec<Opaque>)> {
    let decoded = decoded(string, language, cx)?;
    let source = cx.body(string, &decoded)?;
    let (block, opaque) = match language {
        Language::Plpgsql => lower::plpgsql(&source, &parse::parse(source.text()), Vec::new()),
        _ => lower::sql(statements_of(&source)),
    };
    Some((Block { span: cx.span(string), ..block }, opaque))
}

/// A body that is not read yet.
struct Unread {
    span: Span,
    decoded: DecodedText,
    parsed: parse::Parsed,
    parameters: Vec<String>,
}

impl Unread {
    /// Reads it, where its string begins at that byte of the migration.
    fn read_at(&self, at: usize) -> (Block, Vec<Opaque>) {
        let outer = Source::new("", at);
        outer.within(&self.decoded, 0).map(|source| self.read(&source)).unwrap_or_default()
    }

    fn read(&self, source: &Source<'_>) -> (Block, Vec<Opaque>) {
        let (block, opaque) = lower::plpgsql(source, &self.parsed, self.parameters.clone());
        (Block { span: self.span, ..block }, opaque)
    }
}

/// The text of a body in a language that is looked into, unless there are too many bodies around it.
fn decoded(string: &ast::Literal, language: &Language, cx: &mut Context<'_>) -> Option<DecodedText> {
    if let Language::Other(name) = language {
        cx.opaque(cx.span(string), OpaqueReason::Language(name.clone()));
        return None;
    }
    let decoded = string.decoded_value()?;
    if cx.body(string, &decoded).is_none() {
        cx.opaque(cx.span(string), OpaqueReason::TooDeep);
        return None;
    }
    Some(decoded)
}

fn note(opaque: &[Opaque], cx: &mut Context<'_>) {
    for part in opaque {
        cx.opaque(part.span, part.reason.clone());
    }
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
