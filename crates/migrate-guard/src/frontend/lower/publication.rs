//! Publications.

use crate::ObjectName;
use crate::ddl::Ddl;
use crate::frontend::context::Context;
use crate::frontend::tree::ast::{self, AlterPublicationAction, PublicationObject};

/// `CREATE PUBLICATION`.
pub(super) fn create(node: &ast::CreatePublication, cx: &Context<'_>) -> Ddl {
    match node.publication_for_clause() {
        Some(ast::PublicationForClause::ForAllPublicationObjects(of)) => {
            Ddl::Publication { all: all_tables(of.all_publication_objects()), tables: Vec::new() }
        }
        Some(ast::PublicationForClause::ForPublicationObjects(of)) => named(of.publication_objects(), cx),
        None => Ddl::Publication { all: false, tables: Vec::new() },
    }
}

/// `ALTER PUBLICATION … ADD | SET | DROP`. `None` for what names no table.
pub(super) fn altered(node: &AlterPublicationAction, cx: &Context<'_>) -> Option<Ddl> {
    Some(match node {
        AlterPublicationAction::AddPublicationObjects(of) => named(of.publication_objects(), cx),
        AlterPublicationAction::DropPublicationObjects(of) => named(of.publication_objects(), cx),
        AlterPublicationAction::SetPublicationObjects(of) => named(of.publication_objects(), cx),
        AlterPublicationAction::SetAllPublicationObjectList(of) => {
            Ddl::Publication { all: all_tables(of.all_publication_objects()), tables: Vec::new() }
        }
        _ => return None,
    })
}

fn all_tables(mut objects: ast::AstChildren<ast::AllPublicationObject>) -> bool {
    objects.any(|object| matches!(object, ast::AllPublicationObject::AllPublicationTables(_)))
}

fn named(objects: ast::AstChildren<PublicationObject>, cx: &Context<'_>) -> Ddl {
    Ddl::Publication { all: false, tables: objects.filter_map(|object| table(&object, cx)).collect() }
}

/// The table that is named, after `TABLE` or after the comma behind another.
fn table(node: &PublicationObject, cx: &Context<'_>) -> Option<ObjectName> {
    match node {
        PublicationObject::PublicationObjectTable(table) => Some(cx.object(&table.table_name_ref()?)),
        PublicationObject::PublicationObjectTablesInSchema(_)
        | PublicationObject::PublicationObjectCurrentSchema(_) => None,
    }
}
