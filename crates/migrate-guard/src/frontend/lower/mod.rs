//! From the parser's trees to [`crate::ddl`], one file for each family of statements.

mod alter;
mod column;
mod comment;
mod constraint;
mod drop;
mod function;
mod grant;
mod index;
mod maintenance;
mod other;
mod partition;
mod parts;
mod publication;
mod rows;
mod schema;
mod sequence;
mod setting;
mod table;
mod transaction;
mod trigger;
mod type_;
pub(super) mod types;
mod view;

#[cfg(test)]
mod tests;

use squawk_parser::SyntaxKind;

use super::context::Context;
use crate::Span;
use crate::ddl::{Ddl, OpaqueReason, Statement};
use crate::frontend::tree::ast::{AstNode, Stmt};

/// A statement, and what in it was not understood.
pub(super) fn statement(node: &Stmt, cx: &mut Context<'_>) -> Statement {
    let around = cx.take_opaque();
    let ddl = ddl(node, cx);
    let opaque = cx.replace_opaque(around);
    Statement { span: span(node, cx), ddl, opaque }
}

/// The bytes of a statement, less the semicolon of one that stands in a body or a rule.
fn span(node: &Stmt, cx: &Context<'_>) -> Span {
    let whole = cx.span(node);
    let last = node.syntax().elements().filter(|part| part.kind() != SyntaxKind::SEMICOLON).last();
    last.map_or(whole, |last| Span::new(whole.start, cx.span_of(last.text_range()).end))
}

/// What a statement says.
pub(super) fn ddl(node: &Stmt, cx: &mut Context<'_>) -> Ddl {
    None.or_else(|| rows::lower(node, cx))
        .or_else(|| made(node, cx))
        .or_else(|| made_beside(node, cx))
        .or_else(|| altered(node, cx))
        .or_else(|| dropped(node, cx))
        .or_else(|| session(node, cx))
        .or_else(|| other::lower(node, cx))
        .unwrap_or_else(|| unknown(node, cx))
}

/// `CREATE` of relations, and of what belongs to one.
fn made(node: &Stmt, cx: &mut Context<'_>) -> Option<Ddl> {
    Some(match node {
        Stmt::CreateTable(node) => table::create(node, cx),
        Stmt::CreateTableAs(node) => table::create_as(node, cx),
        Stmt::CreateForeignTable(node) => table::create_foreign(node, cx),
        Stmt::CreateIndex(node) => index::create(node, cx),
        Stmt::CreateView(node) => view::create(node, cx),
        Stmt::CreateMaterializedView(node) => view::create_materialized(node, cx),
        Stmt::CreateSequence(node) => sequence::create(node, cx),
        Stmt::CreateTrigger(node) => trigger::create(node, cx),
        Stmt::CreateRule(node) => trigger::create_rule(node, cx),
        Stmt::CreatePolicy(node) => trigger::create_policy(node, cx),
        Stmt::CreateStatistics(node) => schema::create_statistics(node, cx),
        _ => return None,
    })
}

/// `CREATE` of anything else that is known by its own form.
fn made_beside(node: &Stmt, cx: &mut Context<'_>) -> Option<Ddl> {
    Some(match node {
        Stmt::CreateFunction(node) => function::create(node, cx),
        Stmt::CreateProcedure(node) => function::create_procedure(node, cx),
        Stmt::CreateType(node) => type_::create(node, cx),
        Stmt::CreateDomain(node) => type_::create_domain(node, cx),
        Stmt::CreateSchema(node) => schema::create(node, cx),
        Stmt::CreateExtension(node) => schema::create_extension(node, cx),
        Stmt::CreatePublication(node) => publication::create(node, cx),
        _ => return None,
    })
}

/// `ALTER`. `None` for those of all relations of a tablespace.
fn altered(node: &Stmt, cx: &mut Context<'_>) -> Option<Ddl> {
    Some(match node {
        Stmt::AlterTable(node) => alter::table(node, cx)?,
        Stmt::AlterForeignTable(node) => alter::foreign_table(node, cx)?,
        Stmt::AlterIndex(node) => alter::index(node, cx)?,
        Stmt::AlterView(node) => alter::view(node, cx)?,
        Stmt::AlterMaterializedView(node) => alter::materialized_view(node, cx)?,
        Stmt::AlterSequence(node) => alter::sequence(node, cx),
        Stmt::AlterType(node) => alter::type_(node, cx),
        Stmt::AlterDomain(node) => alter::domain(node, cx),
        Stmt::AlterTrigger(node) => alter::trigger(node, cx),
        Stmt::AlterRule(node) => alter::rule(node, cx),
        Stmt::AlterPolicy(node) => trigger::alter_policy(node, cx),
        Stmt::AlterSchema(node) => alter::schema(node, cx),
        Stmt::AlterExtension(node) => alter::extension(node, cx),
        Stmt::AlterStatistics(node) => alter::statistics(node, cx),
        Stmt::AlterPublication(node) => alter::publication(node, cx),
        Stmt::AlterFunction(_)
        | Stmt::AlterProcedure(_)
        | Stmt::AlterRoutine(_)
        | Stmt::AlterAggregate(_) => alter::routine(node, cx),
        _ => return None,
    })
}

/// `DROP`, less that of all somebody owns.
fn dropped(node: &Stmt, cx: &Context<'_>) -> Option<Ddl> {
    let is_drop = node.syntax().first_token().is_some_and(|token| token.kind() == SyntaxKind::DROP_KW);
    (is_drop && !matches!(node, Stmt::DropOwned(_))).then(|| drop::drop(node, cx))
}

/// What a session does to relations it does not change, and to itself.
fn session(node: &Stmt, cx: &mut Context<'_>) -> Option<Ddl> {
    Some(match node {
        Stmt::Do(node) => function::run(node, cx),
        Stmt::Refresh(node) => view::refresh(node, cx),
        Stmt::Reindex(node) => index::reindex(node, cx)?,
        Stmt::Truncate(node) => maintenance::truncate(node, cx),
        Stmt::Lock(node) => maintenance::lock(node, cx),
        Stmt::Vacuum(node) => maintenance::vacuum(node, cx),
        Stmt::Analyze(node) => maintenance::analyze(node, cx),
        Stmt::Cluster(node) => maintenance::cluster(node, cx),
        Stmt::Repack(node) => maintenance::repack(node, cx),
        Stmt::CommentOn(node) => comment::comment(node, cx),
        Stmt::SecurityLabel(node) => comment::security_label(node, cx),
        Stmt::Grant(node) => grant::grant(node, cx),
        Stmt::Revoke(node) => grant::revoke(node, cx),
        Stmt::Set(node) => setting::set(node, cx),
        Stmt::SetRole(node) => setting::set_role(node, cx),
        Stmt::SetSessionAuth(node) => setting::set_session_authorization(node, cx),
        Stmt::Reset(node) => setting::reset(node, cx),
        Stmt::ResetRole(_) => setting::reset_of("role"),
        Stmt::ResetSessionAuth(_) => setting::reset_of("session_authorization"),
        _ => return transaction::lower(node, cx),
    })
}

/// A statement of a kind that is not known here.
fn unknown(node: &Stmt, cx: &mut Context<'_>) -> Ddl {
    let words = first_words(&cx.folded(node));
    cx.opaque(span(node, cx), OpaqueReason::UnknownStatement(words));
    Ddl::Opaque
}

/// The words a statement begins with, at most three, in upper case.
pub(super) fn first_words(folded: &str) -> String {
    let words = folded.split(' ').take_while(|word| word.bytes().all(|byte| byte.is_ascii_alphabetic()));
    words.take(3).collect::<Vec<_>>().join(" ").to_ascii_uppercase()
}
