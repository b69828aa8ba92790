//! `DROP CONSTRAINT`.

use super::{Attempt, Object, Refused};
use crate::catalog::{Catalog, Constraint, ConstraintKind, RelationId};

impl Catalog {
    pub(in crate::catalog::apply) fn drop_constraint(
        &mut self,
        table: RelationId,
        name: &str,
        if_exists: bool,
        cascade: bool,
        recurse: bool,
    ) -> Attempt {
        let relation = self.at(table);
        let Some(constraint) = relation.constraint(name).cloned() else {
            let fine = if_exists || !relation.complete;
            return if fine { Ok(()) } else { Err(Refused("constraint does not exist")) };
        };
        if constraint.inherited {
            return Err(Refused("cannot drop inherited constraint"));
        }
        if relation.is_partitioned() && !recurse && !relation.children.is_empty() && constraint.is_check() {
            return Err(Refused(
                "cannot remove constraint from only the partitioned table when partitions exist",
            ));
        }
        let mut doomed = vec![Object::Constraint(table, constraint.id)];
        if constraint.is_check() && !constraint.no_inherit {
            self.doom_checks(table, name, recurse, &mut doomed);
        }
        if let ConstraintKind::NotNull { column } = &constraint.kind {
            let at = self.at(table).columns.iter().position(|own| own.name == *column);
            if let Some(at) = at {
                self.change(table, |r| &mut r.columns, at, |own| own.not_null = false);
            }
        }
        self.drop_all(doomed, cascade)
    }

    /// The checks of children that are only there because of the one of `table`.
    fn doom_checks(&mut self, table: RelationId, name: &str, recurse: bool, doomed: &mut Vec<Object>) {
        for child in self.at(table).children.clone() {
            let Some(own) = self.at(child).constraint(name).cloned() else { continue };
            let others = self.at(child).parents().filter(|other| *other != table);
            let elsewhere = others.into_iter().any(|other| self.at(other).constraint(name).is_some());
            if recurse && !own.local && !elsewhere {
                doomed.push(Object::Constraint(child, own.id));
                self.doom_checks(child, name, recurse, doomed);
                continue;
            }
            self.change_constraint(child, own.id, |own| {
                own.inherited = elsewhere;
                own.local |= !recurse || !elsewhere;
            });
        }
    }
}

impl Constraint {
    fn is_check(&self) -> bool {
        matches!(self.kind, ConstraintKind::Check { .. })
    }
}
