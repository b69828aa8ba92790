use rustc_hash::FxHashSet;

use super::writes::names_key;
use crate::catalog::{Found, Relation, RelationId};
use crate::claim::{Cause, RelationKind, Works};
use crate::ddl::{Expr, Query, Read, RowLock};
use crate::replay::World;
use crate::replay::run::Run;
use crate::{Lock, ObjectName, Span};

/// What rows of a relation are found by.
#[derive(Clone, Copy, Debug)]
pub(super) enum By<'a> {
    /// All of them are wanted.
    Nothing,
    /// This `WHERE`.
    Filter(&'a Expr),
    /// A join, perhaps, or a `LIMIT`.
    Unknown,
}

impl<'a> By<'a> {
    /// A `WHERE` that is all there is.
    pub(super) fn of(filter: Option<&'a Expr>) -> Self {
        filter.map_or(Self::Nothing, Self::Filter)
    }
}

impl Run<'_, '_> {
    /// Everything that a query reads.
    pub(super) fn reads(&mut self, query: &Query) {
        let alone = query.reads.len() == 1;
        for read in &query.reads {
            let whole = alone && query.target.is_none() && !query.limited;
            self.read(read, if whole { By::of(query.filter.as_ref()) } else { By::Unknown });
        }
    }

    /// `COPY … TO`: all of the table.
    pub(super) fn read_all_of(&mut self, query: &Query) {
        if let Some(name) = &query.target {
            let read = Read { name: name.clone(), span: query.span, lock: None, only: true };
            self.read(&read, By::Nothing);
        }
    }

    /// Reads of an expression or a condition.
    pub(in crate::replay) fn read_each(&mut self, reads: &[Read]) {
        for read in reads {
            self.read(read, By::Unknown);
        }
    }

    /// One relation that is read.
    fn read(&mut self, read: &Read, by: By<'_>) {
        if is_system(&read.name) {
            return;
        }
        let lock = lock_of(read.lock);
        match self.world.catalog.find(&read.name, &self.world.path) {
            Found::Here(id, relation) if relation.kind == RelationKind::View => {
                self.read_view(id, lock, read.span);
            }
            Found::Here(id, _) => self.read_table(id, lock, read, by),
            Found::Unknown if self.scope.in_trigger => {}
            Found::Unknown => {
                let claim = self.world.claim_named(&read.name, lock, Works::NONE, Cause::Read, read.span);
                self.claim(claim);
            }
            Found::Gone => {}
        }
    }

    fn read_table(&mut self, id: RelationId, lock: Lock, read: &Read, by: By<'_>) {
        let tree = if read.only { vec![id] } else { self.world.catalog.tree(id) };
        for id in tree {
            let work = if self.world.scans(id, by) { Works::SCAN } else { Works::NONE };
            let cause = if self.locks_rows(id, read, by) { Cause::LockRows } else { Cause::Read };
            let claim = self.world.claim_on(id, lock, work, cause, read.span);
            self.claim(claim);
        }
    }

    /// Whether rows are locked and nothing keeps them few.
    fn locks_rows(&self, id: RelationId, read: &Read, by: By<'_>) -> bool {
        let is_few = match by {
            By::Nothing => false,
            By::Filter(filter) => names_key(filter, self.world.catalog.get(id)),
            By::Unknown => true,
        };
        read.lock.is_some() && !is_few
    }

    /// A view is locked, and so is all that it reads.
    pub(super) fn read_view(&mut self, view: RelationId, lock: Lock, span: Span) {
        let claim = self.world.claim_on(view, lock, Works::NONE, Cause::Read, span);
        self.claim(claim);
        for id in self.world.view_sources(view) {
            let claim = self.world.claim_on(id, lock, Works::NONE, Cause::Read, span);
            self.claim(claim);
        }
    }
}

impl World<'_> {
    /// What a view reads, through other views and down to partitions.
    pub(super) fn view_sources(&self, view: RelationId) -> Vec<RelationId> {
        let mut found = Vec::new();
        let mut seen = FxHashSet::from_iter([view]);
        let mut open: Vec<_> = self.directly_read(view).to_vec();
        while let Some(id) = open.pop() {
            if seen.insert(id) {
                found.extend(self.catalog.tree(id));
                open.extend_from_slice(self.directly_read(id));
            }
        }
        found
    }

    /// What the rows of a view come from; those of a materialized view are its own.
    fn directly_read(&self, id: RelationId) -> &[RelationId] {
        match self.catalog.get(id) {
            Some(relation) if relation.kind == RelationKind::View => &relation.reads,
            _ => &[],
        }
    }

    /// Whether rows are found by reading them all: nothing to look for, or no index to look in.
    pub(super) fn scans(&self, id: RelationId, by: By<'_>) -> bool {
        let Some(relation) = self.catalog.get(id) else { return false };
        if relation.partition_by.is_some() {
            return false;
        }
        match by {
            By::Nothing => true,
            By::Filter(filter) => !self.has_index_for(relation, &filter.columns),
            By::Unknown => false,
        }
    }

    fn has_index_for(&self, relation: &Relation, columns: &[String]) -> bool {
        let indexes = relation.indexes.iter().filter_map(|id| self.catalog.get(*id)?.index.as_ref());
        indexes.filter_map(|index| index.columns.first()?.as_ref()).any(|first| columns.contains(first))
    }
}

fn lock_of(lock: Option<RowLock>) -> Lock {
    if lock.is_some() { Lock::RowShare } else { Lock::AccessShare }
}

/// The system's own catalogs, whose locks no migration holds up anybody with.
pub(super) fn is_system(name: &ObjectName) -> bool {
    match name.schema.as_deref() {
        Some(schema) => matches!(schema, "pg_catalog" | "information_schema"),
        None => name.name.starts_with("pg_"),
    }
}
