//! Statements that touch no relation.

use super::first_words;
use crate::ddl::Ddl;
use crate::frontend::context::Context;
use crate::frontend::tree::ast::Stmt;

/// A statement about roles, operators, text search, languages, foreign servers, or the server itself.
pub(super) fn lower(node: &Stmt, cx: &Context<'_>) -> Option<Ddl> {
    (is_of_operators(node)
        || is_of_graphs(node)
        || is_of_text(node)
        || is_of_the_cluster(node)
        || is_of_the_session(node))
    .then(|| Ddl::Other(first_words(&cx.folded(node))))
}

const fn is_of_operators(node: &Stmt) -> bool {
    matches!(
        node,
        Stmt::CreateAggregate(_)
            | Stmt::CreateCast(_)
            | Stmt::CreateOperator(_)
            | Stmt::CreateOperatorClass(_)
            | Stmt::CreateOperatorFamily(_)
            | Stmt::CreateTransform(_)
            | Stmt::CreateAccessMethod(_)
            | Stmt::CreateLanguage(_)
            | Stmt::AlterOperator(_)
            | Stmt::AlterOperatorClass(_)
            | Stmt::AlterOperatorFamily(_)
            | Stmt::AlterLanguage(_)
            | Stmt::CreateEventTrigger(_)
            | Stmt::AlterEventTrigger(_)
    )
}

/// PostgreSQL 19. Their tables are only looked at.
const fn is_of_graphs(node: &Stmt) -> bool {
    matches!(node, Stmt::CreatePropertyGraph(_) | Stmt::AlterPropertyGraph(_))
}

const fn is_of_text(node: &Stmt) -> bool {
    matches!(
        node,
        Stmt::CreateCollation(_)
            | Stmt::CreateConversion(_)
            | Stmt::CreateTextSearchConfiguration(_)
            | Stmt::CreateTextSearchDictionary(_)
            | Stmt::CreateTextSearchParser(_)
            | Stmt::CreateTextSearchTemplate(_)
            | Stmt::AlterCollation(_)
            | Stmt::AlterConversion(_)
            | Stmt::AlterTextSearchConfiguration(_)
            | Stmt::AlterTextSearchDictionary(_)
            | Stmt::AlterTextSearchParser(_)
            | Stmt::AlterTextSearchTemplate(_)
    )
}

const fn is_of_the_cluster(node: &Stmt) -> bool {
    matches!(
        node,
        Stmt::CreateRole(_)
            | Stmt::CreateUser(_)
            | Stmt::CreateGroup(_)
            | Stmt::CreateUserMapping(_)
            | Stmt::AlterRole(_)
            | Stmt::AlterUser(_)
            | Stmt::AlterGroup(_)
            | Stmt::AlterUserMapping(_)
            | Stmt::AlterDefaultPrivileges(_)
            | Stmt::AlterLargeObject(_)
            | Stmt::CreateDatabase(_)
            | Stmt::AlterDatabase(_)
            | Stmt::CreateTablespace(_)
            | Stmt::AlterTablespace(_)
            | Stmt::AlterSystem(_)
            | Stmt::CreateForeignDataWrapper(_)
            | Stmt::AlterForeignDataWrapper(_)
            | Stmt::CreateServer(_)
            | Stmt::AlterServer(_)
            | Stmt::CreateSubscription(_)
            | Stmt::AlterSubscription(_)
            | Stmt::ImportForeignSchema(_)
    )
}

const fn is_of_the_session(node: &Stmt) -> bool {
    matches!(
        node,
        Stmt::Checkpoint(_)
            | Stmt::Close(_)
            | Stmt::Deallocate(_)
            | Stmt::Discard(_)
            | Stmt::Fetch(_)
            | Stmt::Listen(_)
            | Stmt::Load(_)
            | Stmt::Move(_)
            | Stmt::Notify(_)
            | Stmt::Show(_)
            | Stmt::Unlisten(_)
    )
}
