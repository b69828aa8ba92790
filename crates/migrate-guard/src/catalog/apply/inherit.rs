//! What a table has from its parents, partitioned or not.

use super::check::NewCheck;
use super::create_table::{MOST_COLUMNS, NewColumns};
use super::{At, Attempt, Refused};
use crate::catalog::{Catalog, Column, Constraint, ConstraintKind, RelationId};
use crate::claim::RelationKind;
use crate::ddl::{CreateTable, Expr};
use crate::{ObjectName, QualifiedName};

impl Catalog {
    /// The parents that a statement names.
    pub(super) fn parents_of(&mut self, create: &CreateTable, at: At<'_>) -> Attempt<Vec<RelationId>> {
        if let Some((parent, _)) = &create.partition_of {
            return Ok(vec![self.partitioned(parent, at)?]);
        }
        let mut parents = Vec::new();
        for name in &create.inherits {
            let parent = self.target(name, RelationKind::Table, at)?;
            let may = matches!(self.at(parent).kind, RelationKind::Table | RelationKind::Foreign);
            if !may || self.at(parent).partition_of.is_some() || parents.contains(&parent) {
                return Err(Refused("cannot inherit from relation"));
            }
            parents.push(parent);
        }
        Ok(parents)
    }

    /// A name that was only spoken of becomes the table that is made, and may be among what its parents have theirs from.
    pub(super) fn refuse_circle(&self, name: &QualifiedName, parents: &[RelationId]) -> Attempt {
        let Some((table, _)) = self.id(name) else { return Ok(()) };
        let is_above = |parent: &RelationId| *parent == table || self.ancestors(*parent).contains(&table);
        if parents.iter().any(is_above) { Err(Refused("circular inheritance not allowed")) } else { Ok(()) }
    }

    /// The partitioned table of that name. What nobody knows is one, since the statement says so.
    pub(super) fn partitioned(&mut self, name: &ObjectName, at: At<'_>) -> Attempt<RelationId> {
        let id = self.target(name, RelationKind::Partitioned, at)?;
        if self.at(id).is_assumed() {
            self.set(id, |r| &mut r.kind, RelationKind::Partitioned);
        }
        if self.at(id).is_partitioned() { Ok(id) } else { Err(Refused("table is not partitioned")) }
    }

    /// The columns of a table that is made: its parents', those it is made like, and its own.
    pub(super) fn new_columns(
        &mut self,
        create: &CreateTable,
        name: &QualifiedName,
        parents: &[RelationId],
        at: At<'_>,
    ) -> Attempt<NewColumns> {
        let mut new = NewColumns { complete: create.query.is_none(), ..NewColumns::default() };
        for parent in parents {
            new.complete &= self.at(*parent).complete;
            self.at(*parent).columns.iter().try_for_each(|column| new.merge_parent(column))?;
        }
        if let Some(ty) = &create.of_type {
            self.columns_of_type_named(&mut new, ty, at)?;
        }
        let how = Merge::of(create);
        let mut likes = create.likes.iter().peekable();
        for (number, def) in create.columns.iter().enumerate() {
            while let Some(like) = likes.next_if(|like| like.after_columns <= number) {
                self.like_columns(&mut new, name, like, at)?;
            }
            let (column, sequence) = self.new_column(name, def, at)?;
            new.sequences.extend(sequence.map(|id| (id, def.name.clone())));
            new.merge_own(column, how)?;
            new.check_count()?;
        }
        likes.try_for_each(|like| self.like_columns(&mut new, name, like, at))?;
        new.check_count()?;
        Ok(new)
    }

    /// The columns of a typed table.
    fn columns_of_type_named(&mut self, new: &mut NewColumns, ty: &ObjectName, at: At<'_>) -> Attempt {
        let id = self.target(ty, RelationKind::Composite, at)?;
        if self.at(id).kind != RelationKind::Composite {
            return Err(Refused("type is not a composite type"));
        }
        new.complete &= self.at(id).complete;
        new.columns.clone_from(&self.at(id).columns);
        Ok(())
    }

    /// Gives a new table the checks of a parent.
    pub(super) fn inherit_checks(&mut self, table: RelationId, parent: RelationId) -> Attempt {
        let checks: Vec<_> = self.at(parent).passed_on().cloned().collect();
        for check in checks {
            let ConstraintKind::Check { text, columns, not_null } = check.kind else { continue };
            let expr = Expr { text, columns, not_null, ..Expr::default() };
            let new = NewCheck {
                name: Some(&check.name),
                expr: &expr,
                valid: check.valid,
                enforced: check.enforced,
                no_inherit: false,
                new_table: true,
            };
            self.inherit_check(table, &new)?;
        }
        Ok(())
    }

    /// Makes `heir` inherit from `parent`.
    pub(super) fn add_heir(&mut self, parent: RelationId, heir: RelationId) {
        self.push(heir, |r| &mut r.inherits, parent);
        self.push(parent, |r| &mut r.children, heir);
    }

    /// `ALTER TABLE … INHERIT`.
    pub(super) fn start_inheriting(&mut self, heir: RelationId, parent: RelationId) -> Attempt {
        if self.at(heir).inherits.contains(&parent) {
            return Err(Refused("relation would be inherited from more than once"));
        }
        if heir == parent
            || self.descendants(heir).contains(&parent)
            || self.ancestors(parent).contains(&heir)
        {
            return Err(Refused("circular inheritance not allowed"));
        }
        if self.at(parent).is_partitioned() || self.at(parent).partition_of.is_some() {
            return Err(Refused("cannot inherit from relation"));
        }
        self.match_parent(heir, parent)?;
        self.add_heir(parent, heir);
        self.recount(heir, parent);
        Ok(())
    }

    /// `ALTER TABLE … NO INHERIT`.
    pub(super) fn stop_inheriting(&mut self, heir: RelationId, parent: RelationId) -> Attempt {
        if !self.at(heir).inherits.contains(&parent) && self.at(heir).complete {
            return Err(Refused("relation is not a parent of relation"));
        }
        self.remove_from(heir, |r| &mut r.inherits, parent);
        self.remove_from(parent, |r| &mut r.children, heir);
        self.recount(heir, parent);
        Ok(())
    }

    /// That a table has the columns and checks of what it is to be a child of.
    pub(super) fn match_parent(&self, child: RelationId, parent: RelationId) -> Attempt {
        let (child, parent) = (self.at(child), self.at(parent));
        for column in parent.columns.iter().filter(|_| child.complete) {
            let own = child.column(&column.name).ok_or(Refused("child table is missing column"))?;
            if !own.has_type_of(column) {
                return Err(Refused("child table has different type for column"));
            }
            if column.not_null && !own.not_null {
                return Err(Refused("column in child table must be marked NOT NULL"));
            }
        }
        let missing =
            |check: &&Constraint| !child.constraint(&check.name).is_some_and(|own| own.is_check_like(check));
        match parent.passed_on().filter(|_| child.complete).find(missing) {
            Some(_) => Err(Refused("child table is missing constraint")),
            None => Ok(()),
        }
    }

    /// Marks anew what a table has from a parent that comes or goes. What is no longer from any is its own.
    pub(super) fn recount(&mut self, child: RelationId, parent: RelationId) {
        for at in 0..self.at(child).columns.len() {
            if self.at(child).columns.get(at).is_none_or(|own| self.at(parent).column(&own.name).is_none()) {
                continue;
            }
            let inherited =
                self.at(child).columns.get(at).is_some_and(|c| self.has_from_parent(child, &c.name));
            self.change(
                child,
                |r| &mut r.columns,
                at,
                |column| {
                    column.inherited = inherited;
                    column.local |= !inherited;
                },
            );
        }
        for check in self.at(parent).passed_on().cloned().collect::<Vec<_>>() {
            let Some(own) = self.at(child).constraint(&check.name).map(|own| own.id) else { continue };
            let inherited = self.has_check_from_parent(child, &check.name);
            self.change_constraint(child, own, |check| {
                check.inherited = inherited;
                check.local |= !inherited;
            });
        }
    }

    fn has_from_parent(&self, child: RelationId, column: &str) -> bool {
        self.at(child).parents().any(|parent| self.at(parent).column(column).is_some())
    }

    /// Whether a parent has that check and passes it on.
    pub(super) fn has_check_from_parent(&self, child: RelationId, check: &str) -> bool {
        self.at(child).parents().any(|parent| self.at(parent).passed_on().any(|own| own.name == check))
    }
}

impl crate::catalog::Relation {
    /// Its checks.
    pub(super) fn checks(&self) -> impl Iterator<Item = &Constraint> {
        self.constraints.iter().filter(|c| matches!(c.kind, ConstraintKind::Check { .. }))
    }

    /// The checks that those who inherit have too.
    fn passed_on(&self) -> impl Iterator<Item = &Constraint> {
        self.checks().filter(|check| !check.no_inherit)
    }
}

impl Constraint {
    fn is_check_like(&self, other: &Self) -> bool {
        match (&self.kind, &other.kind) {
            (ConstraintKind::Check { text, .. }, ConstraintKind::Check { text: other, .. }) => text == other,
            _ => false,
        }
    }
}

impl Column {
    /// Whether both have the same type, as far as is known.
    pub(super) fn has_type_of(&self, other: &Self) -> bool {
        self.ty.is_none() || other.ty.is_none() || self.ty == other.ty
    }
}

/// What a column of the statement's own meets.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Merge {
    /// Perhaps one of a parent's, of the same name.
    WithParents,
    /// The partitioned table's, which stays that one's.
    OfPartition,
    /// The type's.
    OfType,
}

impl Merge {
    fn of(create: &CreateTable) -> Self {
        match (&create.partition_of, &create.of_type) {
            (Some(_), _) => Self::OfPartition,
            (None, Some(_)) => Self::OfType,
            _ => Self::WithParents,
        }
    }
}

impl NewColumns {
    fn check_count(&self) -> Attempt {
        let few = self.columns.len() <= MOST_COLUMNS;
        if few { Ok(()) } else { Err(Refused("tables can have at most 1600 columns")) }
    }

    /// Adds a column of a parent, or merges it with one of another parent.
    fn merge_parent(&mut self, column: &Column) -> Attempt {
        let inherited = Column { inherited: true, local: false, identity: false, ..column.clone() };
        let Some(own) = self.columns.iter_mut().find(|own| own.name == column.name) else {
            self.columns.push(inherited);
            return Ok(());
        };
        if !own.has_type_of(column) {
            return Err(Refused("inherited column has a type conflict"));
        }
        own.not_null |= column.not_null;
        own.default = own.default.take().or(inherited.default);
        Ok(())
    }

    /// Adds a column of the table's own, or merges it with an inherited one.
    pub(super) fn merge_own(&mut self, column: Column, how: Merge) -> Attempt {
        let found = self.columns.iter_mut().find(|own| own.name == column.name);
        let Some(own) = found else {
            if how != Merge::WithParents && self.complete {
                return Err(Refused("column does not exist"));
            }
            self.columns.push(column);
            return Ok(());
        };
        if how == Merge::WithParents && own.local {
            return Err(Refused("column specified more than once"));
        }
        if !own.has_type_of(&column) {
            return Err(Refused("column has a type conflict"));
        }
        own.local = how != Merge::OfPartition;
        own.not_null |= column.not_null;
        own.identity |= column.identity;
        own.default = column.default.or(own.default.take());
        Ok(())
    }
}
