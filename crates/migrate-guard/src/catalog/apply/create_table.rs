//! `CREATE TABLE` and its kin.

use super::check::NewCheck;
use super::look::new_name;
use super::{At, Attempt, Refused};
use crate::QualifiedName;
use crate::catalog::{Catalog, Column, Constraint, ConstraintKind, Relation, RelationId};
use crate::claim::RelationKind;
use crate::ddl::{self, Bound, CreateTable, IndexElement, Persistence};

/// The most columns of a table (`MaxHeapAttributeNumber`).
pub(super) const MOST_COLUMNS: usize = 1600;

/// The columns of a table that is made, and the sequences that some of them own.
#[derive(Debug, Default)]
pub(super) struct NewColumns {
    pub(super) columns: Vec<Column>,
    pub(super) sequences: Vec<(RelationId, String)>,
    /// Whether these are all.
    pub(super) complete: bool,
}

impl Catalog {
    pub(super) fn create_table(&mut self, create: &CreateTable, at: At<'_>) -> Attempt {
        let name = new_name(&create.name, create.persistence, at);
        if self.is_there(&name) {
            return if create.if_not_exists { Ok(()) } else { Err(Refused("relation already exists")) };
        }
        let parents = self.parents_of(create, at)?;
        self.refuse_circle(&name, &parents)?;
        let columns = self.new_columns(create, &name, &parents, at)?;
        let table = self.put_table(create, name, columns, at);
        parents.iter().try_for_each(|parent| self.inherit_checks(table, *parent))?;
        if create.partition_of.is_none() {
            for parent in &parents {
                self.add_heir(*parent, table);
            }
        }
        self.add_own_checks(table, create)?;
        if let (Some((_, bound)), Some(parent)) = (&create.partition_of, parents.first()) {
            self.become_partition(table, *parent, *bound == Bound::Default, at)?;
        }
        self.add_own_keys(table, create, at)?;
        create.likes.iter().try_for_each(|like| self.finish_like(table, like, at))?;
        let mut constraints = own_constraints(create);
        constraints.try_for_each(|constraint| self.add_foreign(table, constraint, true, at))
    }

    fn put_table(
        &mut self,
        create: &CreateTable,
        name: QualifiedName,
        columns: NewColumns,
        at: At<'_>,
    ) -> RelationId {
        let table = self.create(Relation {
            name,
            kind: kind_of(create),
            born: Some(at.file),
            persistence: create.persistence,
            columns: columns.columns,
            complete: columns.complete,
            partition_by: create.partition_by.clone(),
            of_type: create.of_type.as_ref().map(|ty| self.qualify(ty, at.path)),
            written: create.query.is_some() && create.with_data,
            ..Relation::default()
        });
        for (sequence, column) in columns.sequences {
            self.own(sequence, Some((table, column)));
        }
        if create.persistence != Persistence::Permanent {
            for id in self.owned_sequences(table) {
                self.set(id, |r| &mut r.persistence, create.persistence);
            }
        }
        table
    }

    fn add_own_checks(&mut self, table: RelationId, create: &CreateTable) -> Attempt {
        for constraint in own_constraints(create) {
            match &constraint.kind {
                ddl::ConstraintKind::Check(expr) => {
                    self.add_check(table, &NewCheck::of(constraint, expr, true), true)?;
                }
                ddl::ConstraintKind::NotNull { column } => {
                    self.add_not_null(table, column, constraint, true)?;
                }
                _ => {}
            }
        }
        Ok(())
    }

    /// `NOT NULL column` as a constraint with a name.
    pub(super) fn add_not_null(
        &mut self,
        table: RelationId,
        column: &str,
        constraint: &ddl::Constraint,
        recurse: bool,
    ) -> Attempt {
        if constraint.not_valid {
            self.column_at(table, column)?;
        } else {
            self.require(table, column, recurse)?;
        }
        let Some(name) = &constraint.name else { return Ok(()) };
        let constraint = Constraint {
            id: self.next_constraint(),
            name: name.clone(),
            kind: ConstraintKind::NotNull { column: column.to_owned() },
            valid: !constraint.not_valid,
            enforced: true,
            inherited: false,
            local: true,
            no_inherit: constraint.no_inherit,
            part_of: None,
        };
        self.add_constraint(table, constraint);
        Ok(())
    }

    /// Keys as `transformIndexConstraints` has them: the primary one first, and those that say the same once.
    fn add_own_keys(&mut self, table: RelationId, create: &CreateTable, at: At<'_>) -> Attempt {
        let primary = |c: &&ddl::Constraint| matches!(c.kind, ddl::ConstraintKind::Primary { .. });
        let first = own_constraints(create).filter(primary);
        let others = own_constraints(create).filter(|constraint| !primary(constraint));
        let mut keys: Vec<ddl::Constraint> = Vec::new();
        for key in first.chain(others).filter(|key| key.key_columns().is_some()) {
            match keys.iter_mut().find(|prior| prior.key_columns() == key.key_columns() && !primary(&key)) {
                Some(prior) => prior.name = prior.name.take().or_else(|| key.name.clone()),
                None => keys.push(key.clone()),
            }
        }
        keys.iter().try_for_each(|key| self.add_key(table, key, true, at))
    }

    /// Gives a sequence an owner, or none.
    pub(super) fn own(&mut self, sequence: RelationId, owner: Option<(RelationId, String)>) {
        use crate::catalog::links::Node;
        if let Some((table, _)) = &self.at(sequence).owned_by {
            self.unlink(Node::Relation(*table), Node::Relation(sequence));
        }
        if let Some((table, _)) = &owner {
            self.link(Node::Relation(*table), Node::Relation(sequence));
        }
        self.set(sequence, |r| &mut r.owned_by, owner);
    }
}

/// The constraints of a statement: those at columns, then the table's.
fn own_constraints(create: &CreateTable) -> impl Iterator<Item = &ddl::Constraint> {
    create.columns.iter().flat_map(|column| &column.constraints).chain(&create.constraints)
}

fn kind_of(create: &CreateTable) -> RelationKind {
    match create.partition_by {
        Some(_) => RelationKind::Partitioned,
        None if create.foreign => RelationKind::Foreign,
        None => RelationKind::Table,
    }
}

/// The columns, those that are only stored, whether it is checked late, and the elements of an exclusion.
type KeyColumns<'a> = (&'a [String], &'a [String], bool, &'a [IndexElement]);

impl ddl::Constraint {
    /// What an index for it would be made of, and when it is checked.
    fn key_columns(&self) -> Option<KeyColumns<'_>> {
        match &self.kind {
            ddl::ConstraintKind::Primary { columns, .. } | ddl::ConstraintKind::Unique { columns, .. } => {
                Some((columns, &self.include, self.deferred, &[]))
            }
            ddl::ConstraintKind::Exclude { columns, elements, .. } => {
                Some((columns, &self.include, self.deferred, elements))
            }
            _ => None,
        }
    }
}
