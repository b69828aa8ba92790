use crate::catalog::Found;
use crate::ddl::{Ddl, Query, Statement};
use crate::replay::run::Run;

impl Run<'_, '_> {
    /// What is read, and which functions are called, while a new table or materialized view is filled.
    pub(in crate::replay) fn fill(&mut self, statement: &Statement) {
        if let Some(query) = filled_from(statement).filter(|_| !self.is_there_already(statement)) {
            self.reads(query);
            self.calls_of(query);
        }
    }

    /// Whether `IF NOT EXISTS` finds something there.
    fn is_there_already(&self, statement: &Statement) -> bool {
        let name = match &statement.ddl {
            Ddl::CreateTable(create) if create.if_not_exists => &create.name,
            Ddl::CreateView(create) if create.if_not_exists => &create.name,
            _ => return false,
        };
        matches!(self.world.catalog.find(name, &self.world.path), Found::Here(..))
    }

    /// Whether what a statement makes is filled from what holds no rows; asked before it is made.
    pub(in crate::replay) fn fills_nothing(&self, statement: &Statement) -> bool {
        filled_from(statement).is_some_and(|query| self.scope.rowless || !self.world.has_rows(&query.reads))
    }

    /// What a statement made holds no rows.
    pub(in crate::replay) fn leave_empty(&mut self, statement: &Statement) {
        let name = match &statement.ddl {
            Ddl::CreateTable(create) => &create.name,
            Ddl::CreateView(create) => &create.name,
            _ => return,
        };
        let full = self.world.catalog.qualify(name, &self.world.path);
        if let Some((id, _)) = self.world.catalog.id(&full) {
            self.world.catalog.note_rows(id, false);
        }
    }
}

/// The query that something new is filled from.
fn filled_from(statement: &Statement) -> Option<&Query> {
    match &statement.ddl {
        Ddl::CreateTable(create) if create.with_data => create.query.as_deref(),
        Ddl::CreateView(create) if create.materialized && create.with_data => Some(&create.query),
        _ => None,
    }
}
