//! `CREATE SCHEMA` with statements in it: they are looked up, and make what they make, in the new schema.

use super::blocks::Flow;
use super::run::Run;
use crate::catalog::SearchPath;
use crate::ddl::{Ddl, Statement};

impl Run<'_, '_> {
    /// The schema first, then what is made in it.
    pub(super) fn schema(&mut self, statement: &Statement, name: &str, elements: &[Statement]) -> Flow {
        let is_new = !self.world.catalog.has_schema(name);
        let flow = self.ddl(&empty(statement));
        if is_new {
            self.within_schema(name, elements);
        }
        flow
    }

    fn within_schema(&mut self, name: &str, elements: &[Statement]) {
        let inner = std::iter::once(name).chain(self.world.path.0.iter().map(String::as_str));
        let inner = SearchPath(inner.map(str::to_owned).collect());
        let outer = std::mem::replace(&mut self.world.path, inner);
        let mut elements: Vec<_> = elements.iter().collect();
        elements.sort_by_key(|element| place(&element.ddl));
        for element in elements {
            self.statement(element);
        }
        self.world.path = outer;
    }
}

/// When PostgreSQL runs it, wherever it is written (`transformCreateSchemaStmtElements`).
const fn place(ddl: &Ddl) -> u8 {
    match ddl {
        Ddl::CreateSequence(_) => 0,
        Ddl::CreateTable(_) => 1,
        Ddl::CreateView(_) => 2,
        Ddl::CreateIndex(_) => 3,
        Ddl::CreateTrigger(_) => 4,
        _ => 5,
    }
}

/// The schema without what is made in it.
fn empty(statement: &Statement) -> Statement {
    let mut empty = statement.clone();
    if let Ddl::CreateSchema { elements, .. } = &mut empty.ddl {
        elements.clear();
    }
    empty
}
