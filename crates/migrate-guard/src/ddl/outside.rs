use super::{Action, Ddl, Maintenance, ReindexKind};

impl Ddl {
    /// What PostgreSQL refuses within a transaction, and so within a body (`PreventInTransactionBlock`), in words.
    pub(crate) fn only_outside(&self) -> Option<&'static str> {
        match self {
            Self::CreateIndex(index) if index.concurrently => Some("`CREATE INDEX CONCURRENTLY`"),
            Self::Drop(drop) if drop.concurrently => Some("`DROP INDEX CONCURRENTLY`"),
            Self::Reindex(reindex) if reindex.concurrently => Some("`REINDEX CONCURRENTLY`"),
            Self::Reindex(reindex) if reindex.kind.is_wide() => Some("`REINDEX` of a schema or a database"),
            Self::Maintenance(Maintenance::Vacuum { .. }) => Some("`VACUUM`"),
            Self::Maintenance(Maintenance::Cluster { table: None }) => Some("`CLUSTER` of all tables"),
            Self::AlterTable(alter)
                if alter.actions.iter().any(|(_, action)| is_concurrent_detach(action)) =>
            {
                Some("`DETACH PARTITION CONCURRENTLY`")
            }
            _ => None,
        }
    }
}

impl ReindexKind {
    fn is_wide(self) -> bool {
        matches!(self, Self::Schema | Self::Database | Self::System)
    }
}

fn is_concurrent_detach(action: &Action) -> bool {
    matches!(action, Action::Detach { concurrently: true, .. })
}
