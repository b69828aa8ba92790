//! What many statements have: names, and words that are there or not.

use crate::ObjectName;
use crate::ddl::Persistence;
use crate::frontend::context::Context;
use crate::frontend::tree::ast::{self, AstNode};

/// A name that the grammar asks for, so that it is only missing where the text is broken.
pub(super) fn object(node: Option<impl AstNode>, cx: &Context<'_>) -> ObjectName {
    node.map(|node| cx.object(&node)).unwrap_or_default()
}

/// The same, of a name without a schema.
pub(super) fn name(node: Option<impl AstNode>, cx: &Context<'_>) -> String {
    node.map(|node| cx.name(&node)).unwrap_or_default()
}

/// Several names without a schema.
pub(super) fn names<N: AstNode>(nodes: impl IntoIterator<Item = N>, cx: &Context<'_>) -> Vec<String> {
    nodes.into_iter().map(|node| cx.name(&node)).collect()
}

/// Several names.
pub(super) fn objects<N: AstNode>(nodes: impl IntoIterator<Item = N>, cx: &Context<'_>) -> Vec<ObjectName> {
    nodes.into_iter().map(|node| cx.object(&node)).collect()
}

/// `table.column`.
pub(super) fn column_of(node: Option<impl AstNode>, cx: &Context<'_>) -> Option<(ObjectName, String)> {
    let mut parts = crate::frontend::name::parts(cx.text(&node?));
    let column = parts.pop()?;
    let name = parts.pop()?;
    Some((ObjectName { schema: parts.pop(), name }, column))
}

/// `TEMPORARY`, `UNLOGGED`.
pub(super) fn persistence(node: Option<&ast::Persistence>) -> Persistence {
    match node {
        None => Persistence::Permanent,
        Some(ast::Persistence::Temp(_)) => Persistence::Temporary,
        Some(ast::Persistence::Unlogged(_)) => Persistence::Unlogged,
    }
}

/// `CASCADE`.
pub(super) fn cascade(node: Option<&ast::DropBehavior>) -> bool {
    matches!(node, Some(ast::DropBehavior::Cascade(_)))
}

/// Not `WITH NO DATA`.
pub(super) fn with_data(node: Option<&ast::DataOption>) -> bool {
    !matches!(node, Some(ast::DataOption::WithNoData(_)))
}
