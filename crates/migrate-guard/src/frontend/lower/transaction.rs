//! `BEGIN`, `COMMIT` and their kin.

use super::parts::name;
use crate::ddl::{Ddl, Transaction};
use crate::frontend::context::Context;
use crate::frontend::tree::ast::{self, Stmt};

/// A statement that says where a transaction begins and ends.
pub(super) fn lower(node: &Stmt, cx: &Context<'_>) -> Option<Ddl> {
    Some(Ddl::Transaction(match node {
        Stmt::Begin(_) => Transaction::Begin,
        Stmt::Commit(ast::Commit::CommitTransaction(_)) => Transaction::Commit,
        Stmt::Rollback(ast::Rollback::RollbackTransaction(_)) => Transaction::Rollback,
        Stmt::Rollback(ast::Rollback::RollbackToSavepoint(to)) => {
            Transaction::RollbackTo(name(to.savepoint_ref(), cx))
        }
        Stmt::SavepointCreate(node) => Transaction::Savepoint(name(node.savepoint(), cx)),
        Stmt::ReleaseSavepoint(node) => Transaction::Release(name(node.savepoint_ref(), cx)),
        Stmt::Commit(_)
        | Stmt::Rollback(_)
        | Stmt::PrepareTransaction(_)
        | Stmt::SetTransaction(_)
        | Stmt::SetConstraints(_) => Transaction::Other,
        _ => return None,
    }))
}
