//! `ALTER TABLE`: its actions in the order PostgreSQL runs them, which is not the order they stand in.

use super::check::NewCheck;
use super::look::relation_kind;
use super::{At, Attempt, Refused};
use crate::ObjectName;
use crate::catalog::{Catalog, RelationId};
use crate::claim::RelationKind;
use crate::ddl::{Action, AlterTable, Bound, ColumnAction, Constraint, ConstraintKind, Persistence};

/// One thing to do: a column's constraints come after the column.
#[derive(Clone, Copy)]
enum Job<'a> {
    Action(&'a Action),
    Constraint(&'a Constraint),
}

/// The table that is altered, and whether what inherits from it is altered too.
#[derive(Clone, Copy)]
struct Altered {
    table: RelationId,
    recurse: bool,
}

impl Catalog {
    pub(super) fn alter_table(&mut self, alter: &AlterTable, at: At<'_>) -> Attempt {
        let kind = relation_kind(alter.kind);
        let Some(table) = self.target_if(&alter.name, kind, alter.if_exists, at)? else { return Ok(()) };
        let altered = Altered { table, recurse: !alter.only };
        let mut jobs: Vec<_> =
            alter.actions.iter().flat_map(|(_, action)| self.jobs(table, action)).collect();
        jobs.sort_by_key(|job| job.pass());
        jobs.into_iter().try_for_each(|job| self.do_job(altered, job, at))
    }

    /// An action, and the constraints of a column that it adds; not those of one that is there already.
    fn jobs<'a>(&self, table: RelationId, action: &'a Action) -> Vec<Job<'a>> {
        let constraints = match action {
            Action::AddColumn { column, if_not_exists } => {
                let there = *if_not_exists && self.at(table).column(&column.name).is_some();
                if there { &[][..] } else { &column.constraints }
            }
            _ => &[],
        };
        std::iter::once(Job::Action(action)).chain(constraints.iter().map(Job::Constraint)).collect()
    }

    fn do_job(&mut self, altered: Altered, job: Job<'_>, at: At<'_>) -> Attempt {
        let Altered { table, recurse } = altered;
        match job {
            Job::Constraint(constraint) | Job::Action(Action::AddConstraint(constraint)) => {
                self.add_table_constraint(altered, constraint, at)
            }
            Job::Action(Action::AddColumn { column, if_not_exists }) => {
                self.add_column(table, column, *if_not_exists, recurse, at)
            }
            Job::Action(Action::DropColumn { name, if_exists, cascade }) => {
                self.drop_column(table, name, *if_exists, *cascade, recurse)
            }
            Job::Action(Action::Column { name, action }) => {
                self.alter_column(table, name, action, recurse, at)
            }
            Job::Action(Action::ValidateConstraint(name)) => self.validate(table, name, recurse),
            Job::Action(Action::DropConstraint { name, if_exists, cascade }) => {
                self.drop_constraint(table, name, *if_exists, *cascade, recurse)
            }
            Job::Action(action) => self.alter_whole(altered, action, at),
        }
    }

    /// Actions on the table as a whole.
    fn alter_whole(&mut self, Altered { table, recurse }: Altered, action: &Action, at: At<'_>) -> Attempt {
        match action {
            Action::Trigger { name, firing } => self.fire(table, name.as_deref(), *firing, recurse),
            Action::RowSecurity(on) => {
                if let Some(on) = on {
                    self.set(table, |r| &mut r.row_security, *on);
                }
                Ok(())
            }
            Action::SetLogged(logged) => self.set_logged(table, *logged),
            Action::Inherit(parent) => {
                let parent = self.target(parent, RelationKind::Table, at)?;
                self.start_inheriting(table, parent)
            }
            Action::NoInherit(parent) => {
                let parent = self.target(parent, RelationKind::Table, at)?;
                self.stop_inheriting(table, parent)
            }
            Action::Attach { child, bound: None } => self.attach_index(table, child, at),
            Action::Attach { child, bound: Some(bound) } => {
                let table = self.as_partitioned(table)?;
                self.attach(table, child, *bound == Bound::Default, at)
            }
            Action::Detach { child, concurrently, .. } => {
                let child = self.target(child, RelationKind::Table, at)?;
                self.detach(table, child, *concurrently)
            }
            Action::OfType(ty) => {
                self.make_typed(table, ty.as_ref(), at);
                Ok(())
            }
            _ => Ok(()),
        }
    }

    fn as_partitioned(&mut self, table: RelationId) -> Attempt<RelationId> {
        if self.at(table).is_assumed() {
            self.set(table, |r| &mut r.kind, RelationKind::Partitioned);
        }
        if self.at(table).is_partitioned() { Ok(table) } else { Err(Refused("table is not partitioned")) }
    }

    fn add_table_constraint(
        &mut self,
        Altered { table, recurse }: Altered,
        constraint: &Constraint,
        at: At<'_>,
    ) -> Attempt {
        match &constraint.kind {
            ConstraintKind::Check(expr) => {
                self.add_check(table, &NewCheck::of(constraint, expr, false), recurse)
            }
            ConstraintKind::Foreign { .. } if !recurse && self.at(table).is_partitioned() => {
                Err(Refused("cannot use ONLY for foreign key on partitioned table"))
            }
            ConstraintKind::Foreign { .. } => self.add_foreign(table, constraint, false, at),
            ConstraintKind::NotNull { column } => self.add_not_null(table, column, constraint, recurse),
            _ => self.add_key(table, constraint, recurse, at),
        }
    }

    fn set_logged(&mut self, table: RelationId, logged: bool) -> Attempt {
        if self.at(table).persistence == Persistence::Temporary {
            return Err(Refused("cannot change logged status of table because it is temporary"));
        }
        if self.keys_stand_against(table, logged) {
            return Err(Refused(
                "could not change logged status: a foreign key goes from a logged table to an unlogged one",
            ));
        }
        let persistence = if logged { Persistence::Permanent } else { Persistence::Unlogged };
        let indexes = self.at(table).indexes.clone();
        for id in std::iter::once(table).chain(indexes).chain(self.owned_sequences(table)) {
            self.set(id, |r| &mut r.persistence, persistence);
        }
        Ok(())
    }

    /// Whether a table's logged status would leave a foreign key that goes from a logged table to an unlogged one.
    fn keys_stand_against(&self, table: RelationId, logged: bool) -> bool {
        let others = |id: &RelationId| *id != table;
        let is = |id: RelationId, persistence| self.at(id).persistence == persistence;
        if logged {
            let mut referenced = self
                .at(table)
                .constraints
                .iter()
                .filter_map(crate::catalog::Constraint::references)
                .filter(others);
            return referenced.any(|id| is(id, Persistence::Unlogged));
        }
        let mut referencing = self.referencing(table).into_iter().map(|(id, _)| id).filter(others);
        referencing.any(|id| is(id, Persistence::Permanent))
    }

    /// The table as one of a composite type, or of none.
    fn make_typed(&mut self, table: RelationId, ty: Option<&ObjectName>, at: At<'_>) {
        use crate::catalog::links::Node;
        let ty = ty.map(|ty| self.qualify(ty, at.path));
        if let Some(old) = self.at(table).of_type.clone() {
            self.unlink(Node::Type(old), Node::Relation(table));
        }
        if let Some(new) = ty.clone() {
            self.link(Node::Type(new), Node::Relation(table));
        }
        self.set(table, |r| &mut r.of_type, ty);
    }
}

impl Job<'_> {
    /// In which pass it is done, as `ATPrepCmd` of PostgreSQL's `tablecmds.c` sorts them.
    fn pass(self) -> u8 {
        const DROP: u8 = 0;
        const ALTER_TYPE: u8 = 1;
        const ADD_COLUMN: u8 = 2;
        const COLUMN_ATTRIBUTES: u8 = 3;
        const ADD_INDEX_CONSTRAINT: u8 = 4;
        const ADD_INDEX: u8 = 5;
        const ADD_OTHER_CONSTRAINT: u8 = 6;
        const MISC: u8 = 7;
        match self {
            Job::Constraint(constraint) | Job::Action(Action::AddConstraint(constraint)) => {
                match &constraint.kind {
                    ConstraintKind::Primary { index: Some(_), .. }
                    | ConstraintKind::Unique { index: Some(_), .. } => ADD_INDEX_CONSTRAINT,
                    ConstraintKind::Check(_) | ConstraintKind::Foreign { .. } => ADD_OTHER_CONSTRAINT,
                    ConstraintKind::NotNull { .. } => COLUMN_ATTRIBUTES,
                    _ => ADD_INDEX,
                }
            }
            Job::Action(Action::AddColumn { .. }) => ADD_COLUMN,
            Job::Action(Action::DropColumn { .. } | Action::DropConstraint { .. }) => DROP,
            Job::Action(Action::Column { action, .. }) => match action {
                ColumnAction::Type { .. } => ALTER_TYPE,
                ColumnAction::DropDefault
                | ColumnAction::DropNotNull
                | ColumnAction::DropIdentity
                | ColumnAction::DropExpression => DROP,
                ColumnAction::SetNotNull => COLUMN_ATTRIBUTES,
                ColumnAction::SetDefault(_) | ColumnAction::AddIdentity => ADD_OTHER_CONSTRAINT,
                _ => MISC,
            },
            Job::Action(_) => MISC,
        }
    }
}
