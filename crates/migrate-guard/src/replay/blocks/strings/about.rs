use super::known::GAP;
use crate::ObjectName;
use crate::ddl::{Ddl, Statement};

/// Whether a statement that was made with gaps still says what it is about: it could be read, and none of the relations
/// it names is a gap.
pub(in crate::replay::blocks) fn is_about_known(statement: &Statement) -> bool {
    let named = subjects(&statement.ddl);
    statement.opaque.is_empty()
        && named.is_some_and(|named| !named.iter().any(|name| name.name.contains(GAP)))
}

/// The relations that a statement is about; none for one that is about something else.
fn subjects(ddl: &Ddl) -> Option<Vec<&ObjectName>> {
    Some(match ddl {
        Ddl::CreateTable(create) => vec![&create.name],
        Ddl::AlterTable(alter) => vec![&alter.name],
        Ddl::CreateIndex(create) => vec![&create.table],
        Ddl::CreateView(create) => vec![&create.name],
        Ddl::CreateTrigger(create) => vec![&create.table, &create.function],
        Ddl::Policy { table, .. } => vec![table],
        Ddl::Drop(drop) => drop.on.iter().chain(drop.names.iter().map(|(_, name)| name)).collect(),
        Ddl::Rename(rename) => vec![rename.on.as_ref().unwrap_or(&rename.name)],
        Ddl::SetSchema(set) => vec![&set.name],
        Ddl::Comment(comment) => vec![&comment.name],
        Ddl::Grant(grant) => grant.tables.iter().collect(),
        Ddl::Truncate(truncate) => truncate.tables.iter().map(|(name, _)| name).collect(),
        Ddl::LockTable(lock) => lock.tables.iter().map(|(name, _)| name).collect(),
        Ddl::Query(query) => query.target.iter().chain(query.reads.iter().map(|read| &read.name)).collect(),
        _ => return None,
    })
}
