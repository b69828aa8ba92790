//! `CREATE INDEX`, `REINDEX`.

use super::parts::object;
use crate::Span;
use crate::ddl::{CreateIndex, Ddl, IndexElement, Reindex, ReindexKind};
use crate::frontend::context::Context;
use crate::frontend::expr::expr;
use crate::frontend::tree::ast;

/// `CREATE INDEX`.
pub(super) fn create(node: &ast::CreateIndex, cx: &mut Context<'_>) -> Ddl {
    let relation = node.table_relation_name();
    Ddl::CreateIndex(Box::new(CreateIndex {
        name: node.index().map(|index| cx.name(&index)),
        table: object(relation.as_ref().and_then(ast::TableRelationName::table_name_ref), cx),
        only: relation.is_some_and(|relation| relation.only_token().is_some()),
        unique: node.unique_token().is_some(),
        concurrently: node.concurrently_token().is_some(),
        after_index: after_index(node, cx),
        if_not_exists: node.if_not_exists().is_some(),
        method: method(node.using_method(), cx),
        elements: elements(node.partition_item_list(), cx),
        include: included(node.index_include_clause(), cx),
        predicate: node.where_clause().and_then(|filter| filter.expr()).map(|filter| expr(&filter, cx)),
    }))
}

fn after_index(node: &ast::CreateIndex, cx: &Context<'_>) -> Span {
    let end = node.index_token().map(|token| cx.span_of(token.text_range()).end).unwrap_or_default();
    Span::new(end, end)
}

fn method(node: Option<ast::UsingMethod>, cx: &Context<'_>) -> String {
    let named = node.and_then(|using| using.access_method_ref());
    named.map_or_else(|| "btree".to_owned(), |method| cx.name(&method))
}

fn elements(list: Option<ast::PartitionItemList>, cx: &mut Context<'_>) -> Vec<IndexElement> {
    let items = list.into_iter().flat_map(|list| list.partition_items());
    items.filter_map(|item| element(&item, cx)).collect()
}

/// The parser takes `COLLATE` for an operator of the expression.
fn element(item: &ast::PartitionItem, cx: &mut Context<'_>) -> Option<IndexElement> {
    let special = item.collate().is_some() || item.op_class_ref().is_some();
    match item.expr()? {
        ast::Expr::Collate(collate) => Some(IndexElement { expr: expr(&collate.expr()?, cx), special: true }),
        plain => Some(IndexElement { expr: expr(&plain, cx), special }),
    }
}

fn included(node: Option<ast::IndexIncludeClause>, cx: &Context<'_>) -> Vec<String> {
    let list = node.and_then(|include| include.partition_item_list());
    let items = list.into_iter().flat_map(|list| list.partition_items());
    items.filter_map(|item| Some(cx.name(&item.expr()?))).collect()
}

/// `REINDEX`.
pub(super) fn reindex(node: &ast::Reindex, cx: &Context<'_>) -> Option<Ddl> {
    use ast::ReindexTarget as Target;
    let (kind, name) = match node.reindex_target()? {
        Target::ReindexTargetIndex(of) => (ReindexKind::Index, of.index_ref().map(|name| cx.object(&name))),
        Target::ReindexTargetTable(of) => {
            (ReindexKind::Table, of.table_name_ref().map(|name| cx.object(&name)))
        }
        Target::ReindexTargetSchema(of) => {
            (ReindexKind::Schema, of.schema_ref().map(|name| cx.object(&name)))
        }
        Target::ReindexTargetDatabase(of) => {
            (ReindexKind::Database, of.database_ref().map(|name| cx.object(&name)))
        }
        Target::ReindexTargetSystem(of) => {
            (ReindexKind::System, of.database_ref().map(|name| cx.object(&name)))
        }
    };
    Some(Ddl::Reindex(Reindex { kind, name, concurrently: node.is_concurrently() }))
}
