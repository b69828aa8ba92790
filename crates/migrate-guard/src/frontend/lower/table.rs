//! `CREATE TABLE`, `CREATE FOREIGN TABLE`, `CREATE TABLE AS`, `SELECT INTO`.

use super::parts::{name, object, objects, persistence, with_data};
use super::{column, constraint, partition};
use crate::ObjectName;
use crate::ddl::{Bound, CreateTable, Ddl, Like, OpaqueReason, Query};
use crate::frontend::context::Context;
use crate::frontend::query::query;
use crate::frontend::tree::SyntaxNode;
use crate::frontend::tree::ast::{self, AstNode, HasCreateTable};

/// `CREATE TABLE`.
pub(super) fn create(node: &ast::CreateTable, cx: &mut Context<'_>) -> Ddl {
    let mut table = head(node, cx);
    table.if_not_exists = node.if_not_exists().is_some();
    table.persistence = persistence(node.persistence().as_ref());
    table.of_type = node.of_type().and_then(|of| of.ty()).map(|ty| cx.object(&ty));
    table.partition_by = node.partition_by().map(|by| partition::by(&by, cx));
    table.partition_of = partition_of(node.partition_of(), node.partition_type(), cx);
    Ddl::CreateTable(Box::new(table))
}

/// `CREATE FOREIGN TABLE`.
pub(super) fn create_foreign(node: &ast::CreateForeignTable, cx: &mut Context<'_>) -> Ddl {
    let mut table = head(node, cx);
    table.foreign = true;
    table.if_not_exists = node.if_not_exists().is_some();
    table.partition_of = partition_of(node.partition_of(), node.partition_type(), cx);
    Ddl::CreateTable(Box::new(table))
}

/// `CREATE TABLE AS`.
pub(super) fn create_as(node: &ast::CreateTableAs, cx: &mut Context<'_>) -> Ddl {
    let mut table = named(node.table_name(), cx);
    table.if_not_exists = node.if_not_exists().is_some();
    table.persistence = persistence(node.persistence().as_ref());
    arguments(&mut table, node.table_arg_list(), cx);
    table.with_data = with_data(node.data_option().as_ref());
    table.query = node.query().map(|of| Box::new(made_of(&of, cx)));
    Ddl::CreateTable(Box::new(table))
}

/// What a prepared statement selects was said elsewhere.
fn made_of(node: &ast::CreateTableAsQuery, cx: &mut Context<'_>) -> Query {
    if let ast::CreateTableAsQuery::Execute(_) = node {
        cx.opaque(cx.span(node), OpaqueReason::Dynamic);
    }
    query(node.syntax(), cx)
}

/// `SELECT … INTO`, wherever it stands in the query.
pub(super) fn select_into(node: &SyntaxNode, into: &ast::IntoClause, cx: &mut Context<'_>) -> Ddl {
    let mut table = named(into.table_name(), cx);
    table.persistence = persistence(into.persistence().as_ref());
    table.query = Some(Box::new(query(node, cx)));
    Ddl::CreateTable(Box::new(table))
}

fn named(node: Option<ast::TableName>, cx: &Context<'_>) -> CreateTable {
    let name_span = node.as_ref().map(|node| cx.span(node)).unwrap_or_default();
    CreateTable { name: object(node, cx), name_span, with_data: true, ..CreateTable::default() }
}

fn head(node: &impl HasCreateTable, cx: &mut Context<'_>) -> CreateTable {
    let mut table = named(node.table_name(), cx);
    table.inherits = node.inherits().map(|from| objects(from.table_name_refs(), cx)).unwrap_or_default();
    arguments(&mut table, node.table_arg_list(), cx);
    table
}

fn arguments(table: &mut CreateTable, list: Option<ast::TableArgList>, cx: &mut Context<'_>) {
    for argument in list.into_iter().flat_map(|list| list.args()) {
        match argument {
            ast::TableArg::Column(node) => table.columns.push(column::of_table(&node, cx)),
            ast::TableArg::LikeClause(node) => table.likes.push(like(&node, table.columns.len(), cx)),
            ast::TableArg::TableConstraint(node) => {
                let node = ast::Constraint::cast(node.syntax().clone());
                table.constraints.extend(node.and_then(|node| constraint::constraint(&node, None, cx)));
            }
        }
    }
}

fn like(node: &ast::LikeClause, after_columns: usize, cx: &Context<'_>) -> Like {
    let source = object(node.relation_name_ref(), cx);
    let mut like = Like { source, including: Vec::new(), excluding: Vec::new(), after_columns };
    for option in node.like_options() {
        let (list, property) = match option {
            ast::LikeOption::IncludingProperty(option) => (&mut like.including, option.table_property()),
            ast::LikeOption::ExcludingProperty(option) => (&mut like.excluding, option.table_property()),
        };
        list.push(name(property, cx));
    }
    like
}

fn partition_of(
    parent: Option<ast::PartitionOf>,
    bound: Option<ast::PartitionType>,
    cx: &Context<'_>,
) -> Option<(ObjectName, Bound)> {
    Some((object(parent?.table_name_ref(), cx), partition::bound(&bound?, cx)))
}
