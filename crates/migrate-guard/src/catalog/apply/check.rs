//! Check constraints, which go down to all that inherit.

use super::{Attempt, Refused};
use crate::catalog::naming::Naming;
use crate::catalog::{Catalog, Constraint, ConstraintKind, RelationId};
use crate::ddl::{self, Expr};

/// A check constraint as it is asked for.
#[derive(Clone, Copy, Debug)]
#[expect(clippy::struct_excessive_bools, reason = "each is a word of the statement or a mark of the catalog")]
pub(super) struct NewCheck<'a> {
    pub(super) name: Option<&'a str>,
    pub(super) expr: &'a Expr,
    pub(super) valid: bool,
    pub(super) enforced: bool,
    pub(super) no_inherit: bool,
    /// Whether the table is only being made: then it may repeat what its parents have.
    pub(super) new_table: bool,
}

impl<'a> NewCheck<'a> {
    /// Of a table that is there; of one that is made, `NOT VALID` says nothing.
    pub(super) fn of(constraint: &'a ddl::Constraint, expr: &'a Expr, new_table: bool) -> Self {
        Self {
            name: constraint.name.as_deref(),
            expr,
            valid: constraint.enforced && (new_table || !constraint.not_valid),
            enforced: constraint.enforced,
            no_inherit: constraint.no_inherit,
            new_table,
        }
    }
}

impl Catalog {
    /// Adds a check constraint to a table and all that inherit from it.
    pub(super) fn add_check(&mut self, table: RelationId, check: &NewCheck<'_>, recurse: bool) -> Attempt {
        let name = self.check_name(table, check);
        if check.no_inherit && self.at(table).is_partitioned() {
            return Err(Refused("cannot add NO INHERIT constraint to partitioned table"));
        }
        if !self.merge_own_check(table, &name, check)? {
            let constraint = self.check_constraint(name.clone(), check, true);
            self.add_constraint(table, constraint);
        }
        if check.no_inherit {
            return Ok(());
        }
        if !recurse && !self.at(table).children.is_empty() {
            return Err(Refused("constraint must be added to child tables too"));
        }
        let passed_on = NewCheck { name: Some(&name), ..*check };
        self.pass_check_on(table, &passed_on)
    }

    /// A constraint of the table's own joins one that it has from a parent; whether it did.
    fn merge_own_check(&mut self, table: RelationId, name: &str, check: &NewCheck<'_>) -> Attempt<bool> {
        if !self.has_constraint(table, name) {
            return Ok(false);
        }
        let relation = self.at(table);
        let found = relation.constraint(name).filter(|found| found.inherited && !found.local);
        let same = found.filter(|found| found.says(check.expr) && !check.no_inherit && check.new_table);
        let id = same.ok_or(Refused("constraint already exists"))?.id;
        self.change_constraint(table, id, |constraint| constraint.local = true);
        Ok(true)
    }

    fn pass_check_on(&mut self, table: RelationId, check: &NewCheck<'_>) -> Attempt {
        for child in self.at(table).children.clone() {
            self.inherit_check(child, check)?;
            self.pass_check_on(child, check)?;
        }
        Ok(())
    }

    /// Gives a table a check of its parent's, or marks the one it has as the parent's too.
    pub(super) fn inherit_check(&mut self, child: RelationId, check: &NewCheck<'_>) -> Attempt {
        let name = check.name.unwrap_or_default();
        if !self.has_constraint(child, name) {
            let constraint = self.check_constraint(name.to_owned(), check, false);
            self.add_constraint(child, constraint);
            return Ok(());
        }
        let found = self.at(child).constraint(name).filter(|found| found.says(check.expr));
        let found = found.ok_or(Refused("constraint already exists"))?;
        if found.no_inherit || (check.valid && !found.valid) {
            return Err(Refused("constraint conflicts with one on the child"));
        }
        let id = found.id;
        self.change_constraint(child, id, |constraint| constraint.inherited = true);
        Ok(())
    }

    fn check_constraint(&mut self, name: String, check: &NewCheck<'_>, local: bool) -> Constraint {
        Constraint {
            id: self.next_constraint(),
            name,
            kind: ConstraintKind::Check {
                text: check.expr.text.clone(),
                columns: check.expr.columns.clone(),
                not_null: check.expr.not_null.clone(),
            },
            valid: check.valid,
            enforced: check.enforced,
            inherited: !local,
            local,
            no_inherit: check.no_inherit,
            part_of: None,
        }
    }

    /// `table_column_check` where one column is named, else `table_check`.
    fn check_name(&mut self, table: RelationId, check: &NewCheck<'_>) -> String {
        if let Some(name) = check.name {
            return name.to_owned();
        }
        let relation = self.at(table);
        let columns =
            check.expr.columns.iter().filter(|c| !relation.complete || relation.column(c).is_some());
        let column = match columns.collect::<Vec<_>>()[..] {
            [one] => one.clone(),
            _ => String::new(),
        };
        let name = relation.name.clone();
        self.choose_name(&name.schema, (&name.name, &column, "check"), Naming::Constraint)
    }
}

impl Constraint {
    /// Whether it is the check of that expression, as far as the text tells.
    fn says(&self, expr: &Expr) -> bool {
        matches!(&self.kind, ConstraintKind::Check { text, .. } if *text == expr.text)
    }
}
