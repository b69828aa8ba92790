//! `SET` and `RESET`.

use crate::ddl::{Ddl, Setting};
use crate::frontend::context::Context;
use crate::frontend::name;
use crate::frontend::tree::ast;

/// `SET`.
pub(super) fn set(node: &ast::Set, cx: &Context<'_>) -> Ddl {
    let local = matches!(node.set_scope(), Some(ast::SetScope::LocalScope(_)));
    let (name, value) = match node.set_target() {
        Some(ast::SetTarget::SetConfig(config)) => {
            (parameter(config.config_parameter_ref(), cx), assigned(config.config_assignment(), cx))
        }
        Some(ast::SetTarget::SetTimeZone(zone)) => ("timezone".to_owned(), time_zone(&zone, cx)),
        Some(ast::SetTarget::SetSchemaValue(schema)) => ("search_path".to_owned(), string(schema.literal())),
        Some(ast::SetTarget::SetCatalog(catalog)) => ("catalog".to_owned(), string(catalog.literal())),
        Some(ast::SetTarget::SetXmlOption(option)) => {
            ("xmloption".to_owned(), option.xml_document_or_content().map(|to| cx.name(&to)))
        }
        None => (String::new(), None),
    };
    Ddl::Set(Setting { local, name, value })
}

/// `SET ROLE`.
pub(super) fn set_role(node: &ast::SetRole, cx: &Context<'_>) -> Ddl {
    let value = match node.set_role_target() {
        Some(ast::SetRoleTarget::RoleRef(role)) => Some(cx.name(&role)),
        Some(ast::SetRoleTarget::Literal(role)) => role.string_value(),
        Some(ast::SetRoleTarget::SetRoleNone(_)) | None => None,
    };
    named(node.set_scope().as_ref(), "role", value)
}

/// `SET SESSION AUTHORIZATION`.
pub(super) fn set_session_authorization(node: &ast::SetSessionAuth, cx: &Context<'_>) -> Ddl {
    let value = match node.set_session_auth_target() {
        Some(ast::SetSessionAuthTarget::RoleRef(role)) => Some(cx.name(&role)),
        Some(ast::SetSessionAuthTarget::Literal(role)) => role.string_value(),
        Some(ast::SetSessionAuthTarget::SetSessionAuthDefault(_)) | None => None,
    };
    named(node.set_scope().as_ref(), "session_authorization", value)
}

fn named(scope: Option<&ast::SetScope>, name: &str, value: Option<String>) -> Ddl {
    let local = matches!(scope, Some(ast::SetScope::LocalScope(_)));
    Ddl::Set(Setting { local, name: name.to_owned(), value })
}

/// `RESET`.
pub(super) fn reset(node: &ast::Reset, cx: &Context<'_>) -> Ddl {
    let name = match node.reset_target() {
        Some(ast::ResetTarget::ConfigParameterRef(parameter_ref)) => parameter(Some(parameter_ref), cx),
        Some(ast::ResetTarget::ResetTimeZone(_)) => "timezone".to_owned(),
        Some(ast::ResetTarget::ResetTransactionIsolation(_)) => "transaction_isolation".to_owned(),
        Some(ast::ResetTarget::All(_)) | None => "all".to_owned(),
    };
    reset_of(&name)
}

/// `RESET` of a setting that has its own words.
pub(super) fn reset_of(name: &str) -> Ddl {
    named(None, name, None)
}

/// `SET …`, as a function has it.
pub(super) fn of_param(node: &ast::SetConfigParam, cx: &Context<'_>) -> Option<Setting> {
    let name = parameter(Some(node.config_parameter_ref()?), cx);
    Some(Setting { local: true, name, value: assigned(node.config_assignment(), cx) })
}

/// `lock_timeout`, `my.setting`.
fn parameter(node: Option<ast::ConfigParameterRef>, cx: &Context<'_>) -> String {
    node.map(|node| name::parts(cx.text(&node)).join(".").to_ascii_lowercase()).unwrap_or_default()
}

/// The values, joined; `None` for `DEFAULT` and `FROM CURRENT`.
fn assigned(node: Option<ast::ConfigAssignment>, cx: &Context<'_>) -> Option<String> {
    let ast::ConfigAssignment::ToConfigValue(to) = node? else { return None };
    let values: Vec<_> = to.config_values().map(|to| value(&to, cx)).collect();
    (!values.is_empty()).then(|| values.join(", "))
}

fn value(node: &ast::ConfigValue, cx: &Context<'_>) -> String {
    match node {
        ast::ConfigValue::ConfigValueName(word) => cx.name(word),
        ast::ConfigValue::Literal(literal) => literal_text(literal, cx),
        ast::ConfigValue::PrefixExpr(number) => cx.folded(number).replace(' ', ""),
    }
}

fn time_zone(node: &ast::SetTimeZone, cx: &Context<'_>) -> Option<String> {
    let interval = node.cast_expr().map(|interval| cx.folded(&interval));
    node.config_value().map(|to| value(&to, cx)).or(interval)
}

fn string(literal: Option<ast::Literal>) -> Option<String> {
    literal?.string_value()
}

/// A string without its quotes, a number or a word as it is.
fn literal_text(literal: &ast::Literal, cx: &Context<'_>) -> String {
    let written = cx.text(literal);
    let quoted = written.ends_with(['\'', '$']);
    if quoted { literal.string_value().unwrap_or_default() } else { written.to_ascii_lowercase() }
}
