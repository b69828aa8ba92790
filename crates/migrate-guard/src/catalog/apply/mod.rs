//! What each statement makes of the catalog.

use super::{Catalog, SearchPath};
use crate::ddl::{Ddl, Statement};
pub(crate) use drop::{Loss, Target};

mod add_column;
mod again;
mod alter;
mod alter_column;
mod attach;
mod check;
mod column;
mod create_table;
mod detach;
mod drop;
mod figure;
mod foreign;
mod function;
mod index;
mod inherit;
mod key;
mod like;
mod look;
mod make;
mod partition;
mod rename;
mod rename_column;
mod schema;
mod sequence;
mod set_schema;
mod trigger;
mod types;
mod view;

/// What became of a statement.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Applied {
    /// The catalog is what it is after it.
    Done,
    /// PostgreSQL would refuse it, and this is why: nothing has changed.
    Refused(&'static str),
}

/// Why PostgreSQL would refuse a statement, in its own words less the names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Refused(&'static str);

/// What an attempt gives.
type Attempt<T = ()> = Result<T, Refused>;

/// Where and by which file a statement is run.
#[derive(Clone, Copy, Debug)]
pub(super) struct At<'a> {
    pub(super) path: &'a SearchPath,
    pub(super) file: usize,
}

impl Catalog {
    /// Makes the catalog what it is after `statement`, which `file` runs with that search path.
    ///
    /// A statement that PostgreSQL would refuse changes nothing. Statements within a `DO` block or a function are not
    /// looked at: whoever knows that they are run applies them.
    pub fn apply(&mut self, statement: &Statement, path: &SearchPath, file: usize) -> Applied {
        let mark = self.mark();
        let attempt = self.run(&statement.ddl, At { path, file });
        if attempt.is_err() {
            self.roll_back(mark);
        }
        self.release(mark);
        match attempt {
            Ok(()) => Applied::Done,
            Err(Refused(why)) => Applied::Refused(why),
        }
    }

    fn run(&mut self, ddl: &Ddl, at: At<'_>) -> Attempt {
        match ddl {
            Ddl::CreateTable(create) => self.create_table(create, at),
            Ddl::AlterTable(alter) => self.alter_table(alter, at),
            Ddl::CreateIndex(create) => self.create_index(create, at),
            Ddl::CreateView(create) => self.create_view(create, at),
            Ddl::CreateFunction(create) => self.create_function(create, at),
            Ddl::CreateTrigger(create) => self.create_trigger(create, at),
            Ddl::CreateType(create) => self.create_type(create, at),
            Ddl::AlterEnum(alter) => self.alter_enum(alter, at),
            Ddl::AlterComposite { name, cascade, actions } => {
                self.alter_composite(name, *cascade, actions, at)
            }
            Ddl::CreateDomain(create) => self.create_domain(create, at),
            Ddl::AlterDomain(alter) => self.alter_domain(alter, at),
            Ddl::CreateSequence(create) => self.create_sequence(create, at),
            Ddl::AlterSequence { name, owned_by, owned_by_none } => {
                self.alter_sequence(name, owned_by.as_ref(), *owned_by_none, at)
            }
            Ddl::CreateSchema { name, if_not_exists, elements } => {
                self.create_schema(name, *if_not_exists, elements, at)
            }
            Ddl::CreateExtension { name, schema } => {
                self.create_extension(name, schema.as_ref(), at);
                Ok(())
            }
            Ddl::Policy { name, table, create, .. } => self.policy(name, table, *create, at),
            Ddl::CreateRule { name, table, or_replace, .. } => self.create_rule(name, table, *or_replace, at),
            Ddl::Drop(drop) => self.drop_objects(drop, at),
            Ddl::Rename(rename) => self.rename(rename, at),
            Ddl::SetSchema(set) => self.set_schema(set, at),
            Ddl::Query(query) => {
                self.note_written(query, at);
                Ok(())
            }
            Ddl::Truncate(truncate) => {
                self.note_truncated(truncate, at);
                Ok(())
            }
            _ => Ok(()),
        }
    }
}
