//! Schemas, and what is made within them or beside them: extensions, statistics.

use super::parts::{name, object};
use super::statement;
use crate::ddl::Ddl;
use crate::frontend::context::Context;
use crate::frontend::tree::ast::{self, AstNode};

/// `CREATE SCHEMA`.
pub(super) fn create(node: &ast::CreateSchema, cx: &mut Context<'_>) -> Ddl {
    let elements = node.schema_elements().filter_map(|element| ast::Stmt::cast(element.syntax().clone()));
    let elements: Vec<_> = elements.collect();
    Ddl::CreateSchema {
        name: schema_name(node, cx),
        if_not_exists: node.if_not_exists().is_some(),
        elements: elements.iter().map(|element| statement(element, cx)).collect(),
    }
}

/// Without a name it is called like the role it is for.
fn schema_name(node: &ast::CreateSchema, cx: &Context<'_>) -> String {
    match node.create_schema_target() {
        Some(ast::CreateSchemaTarget::NamedSchema(named)) => name(named.schema(), cx),
        Some(ast::CreateSchemaTarget::AuthorizationSchema(of)) => name(of.role(), cx),
        None => String::new(),
    }
}

/// `CREATE STATISTICS`.
pub(super) fn create_statistics(node: &ast::CreateStatistics, cx: &Context<'_>) -> Ddl {
    let table = node.table().map(|from| object(from.table_name_ref(), cx));
    Ddl::CreateStatistics {
        name: node.statistics().map(|name| cx.object(&name)),
        tables: table.into_iter().collect(),
    }
}

/// `CREATE EXTENSION`.
pub(super) fn create_extension(node: &ast::CreateExtension, cx: &Context<'_>) -> Ddl {
    Ddl::CreateExtension {
        name: name(node.extension(), cx),
        schema: node.extension_schema().map(|schema| name(schema.schema_ref(), cx)),
    }
}
