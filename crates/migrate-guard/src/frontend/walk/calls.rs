use squawk_parser::SyntaxKind;

use super::super::expr::value;
use super::super::name;
use super::Walk;
use crate::ObjectName;
use crate::ddl::{Call, Value};
use crate::frontend::tree::SyntaxNode;
use crate::frontend::tree::ast::{self, AstNode};

/// What PostgreSQL calls for a keyword that stands like a column.
pub(in crate::frontend) fn keyword_call(node: &ast::NameRef) -> Option<&'static str> {
    keyword_function(node.syntax())
}

/// What PostgreSQL calls for a keyword that stands like a column or, in `FROM`, like a table.
pub(super) fn keyword_function(node: &SyntaxNode) -> Option<&'static str> {
    Some(match node.first_token()?.kind() {
        SyntaxKind::CURRENT_TIMESTAMP_KW => "now",
        SyntaxKind::CURRENT_DATE_KW => "current_date",
        SyntaxKind::CURRENT_TIME_KW => "current_time",
        SyntaxKind::LOCALTIME_KW => "localtime",
        SyntaxKind::LOCALTIMESTAMP_KW => "localtimestamp",
        SyntaxKind::CURRENT_USER_KW | SyntaxKind::CURRENT_ROLE_KW | SyntaxKind::USER_KW => "current_user",
        SyntaxKind::SESSION_USER_KW => "session_user",
        SyntaxKind::SYSTEM_USER_KW => "system_user",
        SyntaxKind::CURRENT_CATALOG_KW => "current_database",
        SyntaxKind::CURRENT_SCHEMA_KW => "current_schema",
        _ => return None,
    })
}

/// What looks like a call and is part of the language: it is as constant as its arguments.
const NO_CALLS: &[SyntaxKind] = &[
    SyntaxKind::COALESCE_KW,
    SyntaxKind::GREATEST_KW,
    SyntaxKind::LEAST_KW,
    SyntaxKind::NULLIF_KW,
    SyntaxKind::GROUPING_KW,
    SyntaxKind::ROW_KW,
];

impl Walk<'_, '_> {
    /// `name(…)`, or a call that has a grammar of its own.
    pub(super) fn call(&mut self, node: &SyntaxNode) {
        let name = node.first_child().and_then(|first| self.call_name(&first));
        if let Some((name, span)) = name {
            let arguments = self.arguments(node);
            self.found.calls.push(Call { name, span, arguments });
        }
        let named = node.first_child().filter(|first| names_function(first.kind()));
        for child in node.children().skip(usize::from(named.is_some())) {
            self.all(&child);
        }
    }

    fn call_name(&self, first: &SyntaxNode) -> Option<(ObjectName, crate::Span)> {
        let span = self.cx.span_of(first.text_range());
        if !names_function(first.kind()) {
            return own_grammar(first.kind()).map(|name| (ObjectName::bare(name), span));
        }
        if first.first_token().is_some_and(|token| NO_CALLS.contains(&token.kind())) {
            return None;
        }
        let keyword = ast::NameRef::cast(first.clone()).and_then(|node| keyword_call(&node));
        let name =
            keyword.map_or_else(|| name::object(self.cx.text_of(first.text_range())), ObjectName::bare);
        Some((name, span))
    }

    fn arguments(&self, node: &SyntaxNode) -> Vec<Value> {
        let list = node.children().find_map(ast::ArgList::cast);
        list.into_iter().flat_map(|list| list.args()).map(|arg| self.argument(&arg)).collect()
    }

    fn argument(&self, arg: &ast::Arg) -> Value {
        match arg.func_arg_expr() {
            Some(ast::FuncArgExpr::Expr(expr)) => value(&expr, self.cx),
            Some(ast::FuncArgExpr::NamedArg(named)) => {
                named.expr().map_or(Value::Computed, |expr| value(&expr, self.cx))
            }
            None => Value::Computed,
        }
    }

    /// `CURRENT_TIMESTAMP` and its kin.
    pub(super) fn keyword(&mut self, node: &SyntaxNode, function: &str) {
        let span = self.cx.span_of(node.text_range());
        self.found.calls.push(Call { name: ObjectName::bare(function), span, arguments: Vec::new() });
    }

    /// `CALL name(…)`.
    pub(super) fn procedure(&mut self, node: &SyntaxNode) {
        if let Some(named) = node.children().find_map(ast::ProcedureNameRef::cast) {
            let (name, span) = (name::object(self.cx.text(&named)), self.cx.span(&named));
            self.found.calls.push(Call { name, span, arguments: self.arguments(node) });
        }
        node.children().filter(|child| child.kind() == SyntaxKind::ARG_LIST).for_each(|list| self.all(&list));
    }
}

fn names_function(kind: SyntaxKind) -> bool {
    matches!(kind, SyntaxKind::NAME_REF | SyntaxKind::FIELD_EXPR)
}

/// The function behind a call such as `EXTRACT (… FROM …)`.
fn own_grammar(kind: SyntaxKind) -> Option<&'static str> {
    Some(match kind {
        SyntaxKind::EXTRACT_FN => "extract",
        SyntaxKind::SUBSTRING_FN => "substring",
        SyntaxKind::POSITION_FN => "position",
        SyntaxKind::OVERLAY_FN => "overlay",
        SyntaxKind::TRIM_FN => "btrim",
        SyntaxKind::COLLATION_FOR_FN => "pg_collation_for",
        _ => return None,
    })
}
