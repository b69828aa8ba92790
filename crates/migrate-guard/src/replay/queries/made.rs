use crate::ddl::{Ddl, Query, Statement};
use crate::replay::run::Run;

impl Run<'_, '_> {
    /// The functions that are called while a table or a materialized view is filled.
    pub(in crate::replay) fn fill(&mut self, statement: &Statement) {
        if let Some(query) = filled_from(statement) {
            self.calls_of(query);
        }
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
