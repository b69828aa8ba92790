//! What a statement that changes the schema does to relations: which it locks, and how much work that is.
//!
//! Every claim is about the catalog as it is before the statement. The rules are those of PostgreSQL's own source,
//! `src/backend/commands`; the cases of `tests/cases` hold them against servers of the versions 12 to 18.

mod alter;
mod ask;
mod comment;
mod composite;
mod create_table;
mod domain;
mod drop;
mod function;
mod index;
mod ledger;
mod lock_table;
mod maintenance;
mod outside;
mod partition;
mod policy;
mod predicate;
mod reads;
mod rename;
mod retype;
mod target;
#[cfg(test)]
mod tests;
mod trigger;
mod truncate;
mod view;
mod volatile;

use self::ledger::Ledger;
pub(super) use self::volatile::is_built_in;
use super::World;
use crate::claim::{Cause, Claim};
use crate::ddl::{Ddl, Statement};

/// What a statement does to the relations that are there. What it reads as a query does is not among it.
pub(super) fn claims(world: &World<'_>, statement: &Statement) -> Vec<Claim> {
    let mut ledger = Ledger::new(world);
    note(&mut ledger, statement);
    ledger.close()
}

fn note(ledger: &mut Ledger<'_>, statement: &Statement) {
    let span = statement.span;
    match &statement.ddl {
        Ddl::CreateTable(create) => create_table::create_table(ledger, create, span),
        Ddl::AlterTable(alter) => alter::alter_table(ledger, alter),
        Ddl::CreateIndex(create) => index::create_index(ledger, create, span),
        Ddl::Reindex(reindex) => index::reindex(ledger, reindex, span),
        Ddl::CreateView(create) => view::create_view(ledger, create, span),
        Ddl::RefreshView { name, concurrently, with_data } => {
            view::refresh(ledger, name, *concurrently, *with_data, span);
        }
        Ddl::CreateFunction(create) => function::create_function(ledger, create),
        Ddl::CreateTrigger(create) => trigger::create_trigger(ledger, create, span),
        Ddl::AlterComposite { name, actions, .. } => composite::alter_composite(ledger, name, actions),
        Ddl::AlterDomain(alter) => domain::alter_domain(ledger, alter, span),
        Ddl::CreateSequence(create) => comment::create_sequence(ledger, create, span),
        Ddl::AlterSequence { owned_by, .. } => comment::owner(ledger, owned_by.as_ref(), span),
        Ddl::Policy { table, reads, .. } => {
            policy::on_table(ledger, table, Cause::Policy, span);
            reads::named(ledger, reads);
        }
        Ddl::CreateRule { table, reads, .. } => {
            policy::on_table(ledger, table, Cause::Rule, span);
            reads::written(ledger, reads);
        }
        Ddl::CreateStatistics { tables, .. } | Ddl::Publication { tables, .. } => {
            comment::named(ledger, tables, span);
        }
        Ddl::Drop(drop) => drop::drop(ledger, drop, span),
        Ddl::Rename(rename) => rename::rename(ledger, rename, span),
        Ddl::SetSchema(set) => rename::set_schema(ledger, set, span),
        Ddl::Comment(comment) => comment::comment(ledger, comment, span),
        Ddl::Grant(grant) => comment::grant(ledger, grant, span),
        Ddl::Truncate(truncate) => truncate::truncate(ledger, truncate, span),
        Ddl::LockTable(lock) => lock_table::lock_table(ledger, lock, span),
        Ddl::Maintenance(maintenance) => maintenance::maintenance(ledger, maintenance, span),
        _ => {}
    }
}
