//! `ALTER TABLE`: the strongest lock of its actions, taken once, and the work of each.

mod add_column;
mod attach;
mod bound;
mod column;
mod column_type;
mod constraint;
mod detach;
mod drop_column;
mod drop_constraint;
mod foreign_key;
mod index;
mod inherit;
mod key;
mod level;
mod not_null;
mod storage;
mod trigger;
mod validate;

use rustc_hash::FxHashSet;

use super::ledger::{Deed, Ledger};
use super::target::Target;
use crate::claim::{Cause, RelationKind, Works};
use crate::ddl::{Action, AlterTable, ObjectKind};
use crate::{Lock, Span};
pub(super) use attach::alike;
pub(super) use foreign_key::References;

/// One `ALTER TABLE`.
#[derive(Debug)]
struct Alter<'l, 'w> {
    ledger: &'l mut Ledger<'w>,
    table: Target<'w>,
    /// What is taken of the table, and of what an action goes down to.
    lock: Lock,
    /// `ONLY`.
    only: bool,
    /// What else the statement does.
    beside: Beside<'l>,
}

/// What is known of all actions of a statement before the first is looked at.
#[derive(Debug, Default)]
struct Beside<'l> {
    /// The columns that are new.
    added: FxHashSet<&'l str>,
    /// One of them has a `DEFAULT` clause.
    defaults: bool,
    /// The constraints that are dropped: that is done first.
    dropped: FxHashSet<&'l str>,
}

impl<'l> Beside<'l> {
    fn of(actions: &'l [(Span, Action)]) -> Self {
        let mut beside = Self::default();
        for (_, action) in actions {
            match action {
                Action::AddColumn { column, .. } => {
                    beside.added.insert(&column.name);
                    beside.defaults |= add_column::has_default(column);
                }
                Action::DropConstraint { name, .. } => {
                    beside.dropped.insert(name);
                }
                _ => {}
            }
        }
        beside
    }
}

/// How far an action goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Reach {
    /// The table that is named.
    Here,
    /// All below it too, unless `ONLY` is said.
    Tree,
}

/// Claims of `ALTER TABLE`, and of what speaks like it.
pub(super) fn alter_table(ledger: &mut Ledger<'_>, alter: &AlterTable) {
    let Some(table) = ledger.find_if(&alter.name, alter.if_exists) else { return };
    if table.id().is_none() && !names_table(alter.kind) {
        return;
    }
    actions(ledger, table, alter.only, &alter.actions);
}

/// Claims of `actions` on a table.
pub(super) fn actions<'w>(
    ledger: &mut Ledger<'w>,
    table: Target<'w>,
    only: bool,
    actions: &[(Span, Action)],
) {
    let view = table.kind() == RelationKind::View;
    let lock = actions.iter().map(|(_, action)| level::of(action)).max().unwrap_or(Lock::AccessExclusive);
    let lock = if view { Lock::AccessExclusive } else { lock };
    let mut alter = Alter { ledger, table, lock, only, beside: Beside::of(actions) };
    for (span, action) in actions {
        alter.action(*span, action);
    }
}

/// Whether what the statement names may be something that is read.
fn names_table(kind: ObjectKind) -> bool {
    !matches!(kind, ObjectKind::Index | ObjectKind::Sequence | ObjectKind::Type)
}

impl<'w> Alter<'_, 'w> {
    fn action(&mut self, span: Span, action: &Action) {
        match action {
            Action::AddColumn { column, if_not_exists } => self.add_column(span, column, *if_not_exists),
            Action::DropColumn { name, if_exists, cascade } => {
                self.drop_column(span, name, *if_exists, *cascade);
            }
            Action::Column { name, action } => self.column(span, name, action),
            Action::AddConstraint(constraint) => self.add_constraint(span, constraint),
            Action::ValidateConstraint(name) => self.validate(span, name),
            Action::DropConstraint { name, cascade, .. } => self.drop_constraint(span, name, *cascade),
            Action::AlterConstraint(name) => self.alter_constraint(span, name),
            Action::Trigger { name, .. } => self.trigger(span, name.as_deref()),
            Action::Inherit(parent) => self.inherit(span, parent),
            Action::NoInherit(parent) => self.no_inherit(span, parent),
            Action::Attach { child, bound: Some(bound) } => self.attach(span, child, bound),
            Action::Attach { child, bound: None } => self.attach_index(span, child),
            Action::Detach { child, concurrently, .. } => self.detach(span, child, *concurrently),
            Action::Repartition(partitions) => self.repartition(span, partitions),
            _ => self.plain(span, action),
        }
    }

    /// Actions that do one thing to the table itself.
    fn plain(&mut self, span: Span, action: &Action) {
        let cause = match action {
            Action::SetLogged(logged) => return self.set_logged(span, *logged),
            Action::SetTablespace => return self.rewrite(span, "SET TABLESPACE", true),
            Action::SetAccessMethod(method) => return self.set_access_method(span, method),
            Action::Rule(_) => Cause::Rule,
            Action::RowSecurity(_) => Cause::Policy,
            Action::Parameters(_) | Action::ClusterOn if !self.lock.blocks() => Cause::Harmless,
            Action::Owner => Cause::Other("OWNER TO"),
            Action::ReplicaIdentity(_) => Cause::Other("REPLICA IDENTITY"),
            Action::OfType(_) => Cause::Other("OF"),
            _ => Cause::Other("ALTER TABLE"),
        };
        self.here(span, cause, Works::NONE);
    }

    fn deed(&self, span: Span, cause: Cause) -> Deed {
        Deed::new(self.lock, cause, span)
    }

    /// Something that is done to the named table alone.
    fn here(&mut self, span: Span, cause: Cause, work: Works) {
        let deed = self.deed(span, cause).with(self.table.own(work));
        self.ledger.on(&self.table, deed);
    }

    /// Something that is done as far as `reach` says.
    fn each(&mut self, reach: Reach, span: Span, cause: &Cause, work: Works) {
        for table in self.reached(reach) {
            let deed = self.deed(span, cause.clone()).with(table.own(work));
            self.ledger.on(&table, deed);
        }
    }

    /// The tables that an action goes to.
    fn reached(&self, reach: Reach) -> Vec<Target<'w>> {
        if reach == Reach::Here || self.only {
            vec![self.table.clone()]
        } else {
            self.ledger.tree(&self.table)
        }
    }
}
