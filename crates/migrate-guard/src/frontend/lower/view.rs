//! Views and materialized views.

use super::parts::{object, persistence, with_data};
use crate::ddl::{CreateView, Ddl, Persistence, Query};
use crate::frontend::context::Context;
use crate::frontend::query::query;
use crate::frontend::tree::ast::{self, AstNode};
use crate::frontend::walk::Walk;

/// `CREATE VIEW`.
pub(super) fn create(node: &ast::CreateView, cx: &mut Context<'_>) -> Ddl {
    Ddl::CreateView(Box::new(CreateView {
        name: object(node.view(), cx),
        or_replace: node.or_replace().is_some(),
        if_not_exists: false,
        materialized: false,
        persistence: persistence(node.persistence().as_ref()),
        with_data: true,
        query: of(node.query(), cx),
        columns: node.query().and_then(|query| columns(&query, cx)),
    }))
}

/// `CREATE MATERIALIZED VIEW`.
pub(super) fn create_materialized(node: &ast::CreateMaterializedView, cx: &mut Context<'_>) -> Ddl {
    Ddl::CreateView(Box::new(CreateView {
        name: object(node.view(), cx),
        or_replace: false,
        if_not_exists: node.if_not_exists().is_some(),
        materialized: true,
        persistence: Persistence::Permanent,
        with_data: with_data(node.data_option().as_ref()),
        query: of(node.query(), cx),
        columns: node.query().and_then(|query| columns(&query, cx)),
    }))
}

fn of(node: Option<ast::SelectVariant>, cx: &mut Context<'_>) -> Query {
    node.map(|node| query(node.syntax(), cx)).unwrap_or_default()
}

/// The columns that a query without others in it names.
fn columns(query: &ast::SelectVariant, cx: &Context<'_>) -> Option<Vec<String>> {
    let within = query.syntax().descendants().skip(1).any(|node| ast::SelectVariant::cast(node).is_some());
    let named = || Walk::new(cx).within(|walk| walk.visit(query.syntax())).columns.to_vec();
    (!within).then(named)
}

/// `REFRESH MATERIALIZED VIEW`.
pub(super) fn refresh(node: &ast::Refresh, cx: &Context<'_>) -> Ddl {
    Ddl::RefreshView {
        name: object(node.view_ref(), cx),
        concurrently: node.concurrently_token().is_some(),
        with_data: with_data(node.data_option().as_ref()),
    }
}
