//! `GRANT`, `REVOKE`.

use super::parts::{names, objects};
use crate::ddl::{Ddl, Grant};
use crate::frontend::context::Context;
use crate::frontend::tree::ast::{self, PrivilegeObjects};

/// `GRANT`.
pub(super) fn grant(node: &ast::Grant, cx: &Context<'_>) -> Ddl {
    of(false, node.on_privilege_objects_clause(), cx)
}

/// `REVOKE`.
pub(super) fn revoke(node: &ast::Revoke, cx: &Context<'_>) -> Ddl {
    of(true, node.on_privilege_objects_clause(), cx)
}

fn of(revoke: bool, on: Option<ast::OnPrivilegeObjectsClause>, cx: &Context<'_>) -> Ddl {
    let (tables, schemas) = match on.and_then(|on| on.privilege_objects()) {
        Some(PrivilegeObjects::PrivilegeDefault(of)) => (objects(of.relation_name_refs(), cx), Vec::new()),
        Some(PrivilegeObjects::PrivilegeTable(of)) => (objects(of.relation_name_refs(), cx), Vec::new()),
        Some(PrivilegeObjects::PrivilegeAllTablesInSchema(of)) => (Vec::new(), names(of.schema_refs(), cx)),
        _ => (Vec::new(), Vec::new()),
    };
    Ddl::Grant(Grant { revoke, tables, schemas })
}
