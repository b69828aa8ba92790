use squawk_parser::SyntaxKind;

use super::super::context::Context;
use super::super::lower;
use super::query;
use crate::ddl::{Ddl, Query, Read, Setting, Value, Verb};
use crate::frontend::tree::SyntaxNode;
use crate::frontend::tree::ast::{self, AstNode};

/// A statement that reads or writes rows, as one of a migration.
pub(in crate::frontend) fn statement(node: &SyntaxNode, cx: &mut Context<'_>) -> Ddl {
    match node.kind() {
        SyntaxKind::EXPLAIN => explain(node, cx),
        SyntaxKind::PREPARE => prepared(node, cx),
        SyntaxKind::CALL => Ddl::Call(Box::new(query(node, cx))),
        _ => {
            let query = query(node, cx);
            setting(&query).map_or_else(|| Ddl::Query(Box::new(query)), Ddl::Set)
        }
    }
}

/// `SELECT set_config('search_path', '', false)`.
fn setting(query: &Query) -> Option<Setting> {
    let expr = query.only.as_deref()?;
    let [call] = expr.calls.as_slice() else { return None };
    let alone = call.span.start == expr.span.start && expr.text.ends_with(')');
    let plain = call.name.name == "set_config" && alone;
    match call.arguments.as_slice() {
        [Value::Constant(name), value, local] if plain => set_config(name, value, local),
        _ => None,
    }
}

fn set_config(name: &str, value: &Value, local: &Value) -> Option<Setting> {
    let value = match value {
        Value::Constant(value) => Some(value.clone()),
        Value::Null => None,
        _ => return None,
    };
    let local = match local {
        Value::Constant(local) => is_true(local),
        _ => return None,
    };
    Some(Setting { local, name: name.to_ascii_lowercase(), value })
}

fn is_true(value: &str) -> bool {
    matches!(value.to_ascii_lowercase().as_str(), "true" | "t" | "on" | "yes" | "y" | "1")
}

/// `EXPLAIN` plans a statement, and locks what it names; with `ANALYZE` it runs it.
fn explain(node: &SyntaxNode, cx: &mut Context<'_>) -> Ddl {
    let Some(explained) = node.children().find_map(ast::Stmt::cast) else {
        return Ddl::Other("EXPLAIN".to_owned());
    };
    if analyzes(node, cx) {
        return lower::ddl(&explained, cx);
    }
    match explained {
        ast::Stmt::Execute(_) => Ddl::Other("EXPLAIN".to_owned()),
        _ => Ddl::Query(Box::new(planned(&explained, cx))),
    }
}

/// `PREPARE` plans a statement too; `EXECUTE` runs it.
fn prepared(node: &SyntaxNode, cx: &mut Context<'_>) -> Ddl {
    match node.children().find_map(ast::Stmt::cast) {
        Some(statement) => Ddl::Query(Box::new(planned(&statement, cx))),
        None => Ddl::Other("PREPARE".to_owned()),
    }
}

/// What is only planned is only read.
fn planned(explained: &ast::Stmt, cx: &mut Context<'_>) -> Query {
    let inner = explained.syntax().children().find_map(ast::SelectVariant::cast);
    let made = matches!(
        explained,
        ast::Stmt::CreateTableAs(_) | ast::Stmt::CreateMaterializedView(_) | ast::Stmt::Declare(_)
    );
    let node =
        inner.filter(|_| made).map_or_else(|| explained.syntax().clone(), |inner| inner.syntax().clone());
    let Query { span, target, mut reads, with, .. } = query(&node, cx);
    let mut written: Vec<_> = target.into_iter().collect();
    for write in with {
        reads.extend(write.reads);
        written.extend(write.target);
    }
    reads.extend(written.into_iter().map(|name| Read { name, span, lock: None, only: false }));
    Query { span, verb: Verb::Select, reads, ..Query::default() }
}

/// `EXPLAIN ANALYZE`, `EXPLAIN (ANALYZE, …)`.
fn analyzes(node: &SyntaxNode, cx: &Context<'_>) -> bool {
    let word = node.children().any(|child| child.kind() == SyntaxKind::EXPLAIN_ANALYZE);
    let options = node.children().find_map(ast::ExplainOptionList::cast);
    let asked = |option: ast::ExplainOption| {
        let named = option.explain_option_name().is_some_and(|name| {
            let name = cx.text(&name);
            name.eq_ignore_ascii_case("analyze") || name.eq_ignore_ascii_case("analyse")
        });
        let off = option.explain_option_value().is_some_and(|value| is_off(cx.text(&value)));
        named && !off
    };
    word || options.is_some_and(|options| options.explain_options().any(asked))
}

fn is_off(value: &str) -> bool {
    let value = value.trim_matches('\'');
    ["false", "off", "0", "no"].iter().any(|off| value.eq_ignore_ascii_case(off))
}
