//! Views, and what is noted of rows.

use super::look::new_name;
use super::{At, Attempt, Refused};
use crate::ObjectName;
use crate::catalog::links::Node;
use crate::catalog::{Catalog, Found, Relation, RelationId};
use crate::claim::RelationKind;
use crate::ddl::{CreateView, Query, Truncate, Verb};

impl Catalog {
    pub(super) fn create_view(&mut self, create: &CreateView, at: At<'_>) -> Attempt {
        let name = new_name(&create.name, create.persistence, at);
        let kind = if create.materialized { RelationKind::MaterializedView } else { RelationKind::View };
        let reads = self.read_by(&create.query, at)?;
        let made_of = self.view_columns(create, &reads);
        if self.is_there(&name) {
            let old = self.id(&name).filter(|(_, old)| old.kind == kind).map(|(id, _)| id);
            return match old {
                _ if create.if_not_exists => Ok(()),
                Some(id) if create.or_replace => {
                    self.set(id, |r| &mut r.made_of, made_of);
                    self.set_reads(id, reads);
                    Ok(())
                }
                _ => Err(Refused("relation already exists")),
            };
        }
        self.create(Relation {
            name,
            kind,
            born: Some(at.file),
            persistence: create.persistence,
            reads,
            made_of,
            written: create.materialized && create.with_data,
            ..Relation::default()
        });
        Ok(())
    }

    /// The relations that a query reads, each once; those of PostgreSQL's own left out.
    fn read_by(&mut self, query: &Query, at: At<'_>) -> Attempt<Vec<RelationId>> {
        let mut reads = Vec::new();
        for read in query.reads.iter().filter(|read| !is_system(&read.name)) {
            reads.push(self.target(&read.name, RelationKind::Table, at)?);
        }
        reads.sort_unstable();
        reads.dedup();
        Ok(reads)
    }

    /// The columns that a view is made of: those it names, and with `*` those that are there.
    fn view_columns(&self, create: &CreateView, reads: &[RelationId]) -> Vec<String> {
        let mut columns = create.columns.clone().unwrap_or_default();
        if let ([read], true, Some(_)) = (reads, create.query.star, &create.columns) {
            columns.extend(self.at(*read).columns.iter().map(|column| column.name.clone()));
        }
        columns
    }

    fn set_reads(&mut self, view: RelationId, reads: Vec<RelationId>) {
        for old in self.at(view).reads.clone() {
            self.unlink(Node::Relation(old), Node::Relation(view));
        }
        for new in &reads {
            self.link(Node::Relation(*new), Node::Relation(view));
        }
        self.set(view, |r| &mut r.reads, reads);
    }

    /// Notes that rows were put into a table.
    pub(super) fn note_written(&mut self, query: &Query, at: At<'_>) {
        for query in std::iter::once(query).chain(&query.with) {
            let Some(target) = &query.target else { continue };
            if let (Verb::Insert | Verb::Merge | Verb::CopyFrom, Found::Here(id, relation)) =
                (query.verb, self.find(target, at.path))
                && !relation.written
            {
                self.set(id, |r| &mut r.written, true);
            }
        }
    }

    /// Notes that tables are empty.
    pub(super) fn note_truncated(&mut self, truncate: &Truncate, at: At<'_>) {
        for (name, only) in &truncate.tables {
            let Found::Here(id, _) = self.find(name, at.path) else { continue };
            let below = if *only { Vec::new() } else { self.descendants(id) };
            for id in std::iter::once(id).chain(below) {
                self.set(id, |r| &mut r.written, false);
            }
        }
    }
}

/// Whether a relation is PostgreSQL's own.
fn is_system(name: &ObjectName) -> bool {
    match name.schema.as_deref() {
        Some(schema) => matches!(schema, "pg_catalog" | "information_schema"),
        None => name.name.starts_with("pg_"),
    }
}
