//! Statements one after another on the catalog: what each does to what is there, and what is there after it.

mod blocks;
mod changes;
mod claims;
mod doubt;
mod merge;
mod outcome;
mod queries;
mod refused;
mod run;
mod schema;
mod scope;
mod session;
#[cfg(test)]
mod tests;
mod world;

use crate::catalog::{Catalog, SearchPath};
use crate::claim::{Change, Claim};
use crate::ddl::Statement;
use crate::{Baseline, LintContext, Opaque, TimeZone};
pub use refused::{Refusal, RefusalKind};

/// The state a history is replayed on.
#[derive(Clone, Debug)]
pub struct World<'a> {
    /// What is there.
    pub catalog: Catalog,
    /// Which file is being replayed, by its place in the set.
    pub file: usize,
    /// The first file of the release: what an earlier one made is old.
    pub release: usize,
    /// Where names are looked for.
    pub path: SearchPath,
    /// The time zone, as the file or the context has it.
    pub time_zone: TimeZone,
    /// The version and so on.
    pub context: &'a LintContext,
    session: session::Session,
    doubt: doubt::Doubt,
}

/// What one statement does.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Effects {
    /// What it does to relations, temporary ones left out: one claim per relation and cause.
    pub claims: Vec<Claim>,
    /// What it changes for code.
    pub changes: Vec<Change>,
    /// What could not be looked into while it was replayed: a function without a body, a string made at run time.
    pub opaque: Vec<Opaque>,
    /// Whether it certainly waits for a time, as `pg_sleep` does.
    pub sleeps: bool,
    /// What in it PostgreSQL refuses.
    pub refused: Vec<Refusal>,
}

impl<'a> World<'a> {
    /// Before the first file.
    pub fn new(context: &'a LintContext) -> Self {
        Self {
            catalog: context.catalog.clone().unwrap_or_default(),
            file: 0,
            release: 0,
            path: SearchPath::default(),
            time_zone: context.time_zone,
            context,
            session: session::Session::default(),
            doubt: doubt::Doubt::default(),
        }
    }

    /// At the beginning of a file: a session of its own.
    pub fn begin_file(&mut self, place: usize) {
        self.file = place;
        self.new_session();
        self.release = match self.context.baseline {
            Baseline::EachFile => place,
            Baseline::From(first) => first,
        };
    }

    /// Replays one statement: says what it does, and makes the catalog what it is after it.
    pub fn run(&mut self, statement: &Statement) -> Effects {
        let mut run = run::Run::new(self);
        run.statement(statement);
        run.finish()
    }
}
