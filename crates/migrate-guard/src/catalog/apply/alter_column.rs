//! `ALTER COLUMN`.

use super::column::known_collation;
use super::{At, Attempt, Refused};
use crate::ObjectName;
use crate::catalog::{Catalog, Column, RelationId};
use crate::ddl::{ColumnAction, Expr, TypeRef};

impl Catalog {
    pub(super) fn alter_column(
        &mut self,
        table: RelationId,
        column: &str,
        action: &ColumnAction,
        recurse: bool,
        at: At<'_>,
    ) -> Attempt {
        match action {
            ColumnAction::Type { ty, collation, .. } => {
                self.change_type(table, column, ty, collation.as_ref(), recurse, at)
            }
            ColumnAction::SetDefault(expr) => self.set_default(table, column, Some(expr), recurse, at),
            ColumnAction::DropDefault => self.set_default(table, column, None, recurse, at),
            ColumnAction::SetNotNull => self.require(table, column, recurse),
            ColumnAction::DropNotNull => self.drop_not_null(table, column, recurse),
            ColumnAction::AddIdentity => self.add_identity(table, column, at),
            ColumnAction::DropIdentity => self.drop_identity(table, column),
            ColumnAction::DropExpression => self.drop_expression(table, column, recurse),
            ColumnAction::SetExpression(expr) => self.for_each_column(table, column, recurse, |own| {
                own.made_of.clone_from(&expr.columns);
            }),
            _ => self.column_at(table, column).map(drop),
        }
    }

    /// Changes a column of the table and, where asked, of all below it.
    fn for_each_column(
        &mut self,
        table: RelationId,
        column: &str,
        recurse: bool,
        change: impl Fn(&mut Column),
    ) -> Attempt {
        let below = if recurse { self.descendants(table) } else { Vec::new() };
        for id in std::iter::once(table).chain(below) {
            let at = self.column_at(id, column)?;
            self.change(id, |r| &mut r.columns, at, &change);
        }
        Ok(())
    }

    fn change_type(
        &mut self,
        table: RelationId,
        column: &str,
        ty: &TypeRef,
        collation: Option<&ObjectName>,
        recurse: bool,
        at: At<'_>,
    ) -> Attempt {
        self.column_at(table, column)?;
        let relation = self.at(table);
        let used = relation.columns.iter().any(|own| own.made_of.iter().any(|name| name == column));
        let key = relation.partition_by.iter().flat_map(|key| &key.columns).any(|own| own == column);
        if used || key {
            return Err(Refused("cannot alter type of a column that others are made of"));
        }
        if relation.column(column).is_some_and(|own| own.inherited) {
            return Err(Refused("cannot alter inherited column"));
        }
        if !recurse && !relation.children.is_empty() {
            return Err(Refused("type of inherited column must be changed in child tables too"));
        }
        let ty = self.known_type(ty, at);
        self.for_each_column(table, column, true, |own| {
            own.ty = Some(ty.clone());
            own.collation = collation.and_then(known_collation);
        })?;
        self.make_again(table, column, at)
    }

    fn set_default(
        &mut self,
        table: RelationId,
        column: &str,
        expr: Option<&Expr>,
        recurse: bool,
        at: At<'_>,
    ) -> Attempt {
        self.column_at(table, column)?;
        if self.at(table).column(column).is_some_and(|own| own.identity || own.generated.is_some()) {
            return Err(Refused("column is an identity or generated column"));
        }
        let default = expr.and_then(|expr| self.default(expr, at));
        self.for_each_column(table, column, recurse, |own| own.default.clone_from(&default))
    }

    /// Makes a column required, in all below the table too.
    pub(super) fn require(&mut self, table: RelationId, column: &str, recurse: bool) -> Attempt {
        self.column_at(table, column)?;
        let relation = self.at(table);
        let already = relation.column(column).is_some_and(|own| own.not_null);
        if !recurse && !already && relation.is_partitioned() && !relation.children.is_empty() {
            return Err(Refused("constraint must be added to child tables too"));
        }
        self.for_each_column(table, column, recurse, |own| own.not_null = true)
    }

    fn drop_not_null(&mut self, table: RelationId, column: &str, recurse: bool) -> Attempt {
        self.column_at(table, column)?;
        if !recurse && self.at(table).is_partitioned() && !self.at(table).children.is_empty() {
            return Err(Refused(
                "cannot remove constraint from only the partitioned table when partitions exist",
            ));
        }
        let below = if recurse { self.descendants(table) } else { Vec::new() };
        for id in std::iter::once(table).chain(below) {
            self.may_be_null(id, column, table)?;
        }
        self.for_each_column(table, column, recurse, |own| own.not_null = false)
    }

    /// That nothing asks the column to be required, unless `top` is asked to give it up.
    fn may_be_null(&self, table: RelationId, column: &str, top: RelationId) -> Attempt {
        let relation = self.at(table);
        if relation.column(column).is_some_and(|own| own.identity) {
            return Err(Refused("column is an identity column"));
        }
        let key = self.primary_key(table).is_some_and(|key| key.key_has(column));
        let parent = relation.partition_of.filter(|_| table == top);
        if parent.is_some_and(|parent| self.at(parent).column(column).is_some_and(|own| own.not_null)) {
            return Err(Refused("column is marked NOT NULL in parent table"));
        }
        if key { Err(Refused("column is in a primary key")) } else { Ok(()) }
    }

    fn add_identity(&mut self, table: RelationId, column: &str, at: At<'_>) -> Attempt {
        let position = self.column_at(table, column)?;
        let relation = self.at(table);
        let own = relation.column(column).cloned().unwrap_or_default();
        if relation.complete && !own.not_null {
            return Err(Refused("column must be declared NOT NULL before identity can be added"));
        }
        if own.identity || own.default.is_some() {
            return Err(Refused("column already has a default value"));
        }
        let name = relation.name.clone();
        let sequence = self.column_sequence(&name, column, true, at);
        self.own(sequence, Some((table, column.to_owned())));
        self.change(table, |r| &mut r.columns, position, |own| own.identity = true);
        Ok(())
    }

    fn drop_identity(&mut self, table: RelationId, column: &str) -> Attempt {
        let position = self.column_at(table, column)?;
        self.change(table, |r| &mut r.columns, position, |own| own.identity = false);
        let of_identity = |id: &RelationId| {
            let sequence = self.at(*id);
            sequence.of_identity && sequence.owned_by.as_ref().is_some_and(|(_, own)| own == column)
        };
        let sequences: Vec<_> = self.owned_sequences(table).into_iter().filter(of_identity).collect();
        for id in sequences {
            self.erase(id);
        }
        Ok(())
    }

    fn drop_expression(&mut self, table: RelationId, column: &str, recurse: bool) -> Attempt {
        self.column_at(table, column)?;
        let relation = self.at(table);
        if relation.column(column).is_some_and(|own| own.inherited) {
            return Err(Refused("cannot drop generation expression from inherited column"));
        }
        if !recurse && !relation.children.is_empty() {
            return Err(Refused("DROP EXPRESSION must be applied to child tables too"));
        }
        self.for_each_column(table, column, recurse, |own| {
            own.generated = None;
            own.made_of.clear();
        })
    }

    /// `VALIDATE CONSTRAINT`; a check is proven in all below the table too.
    pub(super) fn validate(&mut self, table: RelationId, name: &str, recurse: bool) -> Attempt {
        let relation = self.at(table);
        let Some(constraint) = relation.constraint(name) else {
            let known = relation.complete;
            return if known { Err(Refused("constraint does not exist")) } else { Ok(()) };
        };
        let (id, valid) = (constraint.id, constraint.valid);
        let check = relation.checks().any(|check| check.id == id && !check.no_inherit);
        if check && !valid && !recurse && !relation.children.is_empty() {
            return Err(Refused("constraint must be validated on child tables too"));
        }
        let below = if check { self.descendants(table) } else { Vec::new() };
        for child in below {
            let own = self.at(child).constraint(name).map(|own| own.id);
            if let Some(own) = own {
                self.change_constraint(child, own, |own| own.valid = true);
            }
        }
        self.change_constraint(table, id, |own| own.valid = true);
        Ok(())
    }
}
