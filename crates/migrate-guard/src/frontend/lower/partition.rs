//! How tables are partitioned, and for which values a partition is.

use crate::ddl::{Bound, PartitionKind, Value};
use crate::frontend::context::Context;
use crate::frontend::expr::expr;
use crate::frontend::tree::ast;

/// `PARTITION BY`.
pub(super) fn by(node: &ast::PartitionBy, cx: &mut Context<'_>) -> PartitionKind {
    let method = node.partition_strategy().map(|strategy| cx.name(&strategy)).unwrap_or_default();
    let items = node.partition_item_list().into_iter().flat_map(|list| list.partition_items());
    let columns = items.map(|item| item.expr().and_then(|item| column(&item, cx)).unwrap_or_default());
    PartitionKind { method, columns: columns.collect() }
}

/// The column an expression is, if it is nothing else.
fn column(node: &ast::Expr, cx: &mut Context<'_>) -> Option<String> {
    match expr(node, cx).value {
        Value::Column(column) => Some(column),
        _ => None,
    }
}

/// `FOR VALUES …`, `DEFAULT`.
pub(super) fn bound(node: &ast::PartitionType, cx: &Context<'_>) -> Bound {
    match node {
        ast::PartitionType::PartitionDefault(_) => Bound::Default,
        ast::PartitionType::Other(_) => Bound::Values(cx.folded(node)),
    }
}
