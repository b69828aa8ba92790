//! Sequences.

use super::parts::{column_of, object};
use crate::ObjectName;
use crate::ddl::{CreateSequence, Ddl};
use crate::frontend::context::Context;
use crate::frontend::tree::ast;

/// `CREATE SEQUENCE`.
pub(super) fn create(node: &ast::CreateSequence, cx: &Context<'_>) -> Ddl {
    Ddl::CreateSequence(CreateSequence {
        name: object(node.sequence(), cx),
        if_not_exists: node.if_not_exists().is_some(),
        owned_by: node.sequence_options().filter_map(|option| owned_by(&option, cx)).last(),
    })
}

/// `OWNED BY table.column`.
pub(super) fn owned_by(node: &ast::SequenceOption, cx: &Context<'_>) -> Option<(ObjectName, String)> {
    let ast::SequenceOption::OptionOwnedBy(option) = node else { return None };
    match option.owned_by_target()? {
        ast::OwnedByTarget::QualifiedColumnNameRef(column) => column_of(Some(column), cx),
        ast::OwnedByTarget::OwnedByNone(_) => None,
    }
}
