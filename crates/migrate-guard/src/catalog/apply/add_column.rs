//! `ADD COLUMN` and `DROP COLUMN`, which go down to partitions and inheritors.

use super::create_table::MOST_COLUMNS;
use super::drop::Object;
use super::{At, Attempt, Refused};
use crate::catalog::{Catalog, Column, RelationId};
use crate::ddl;

impl Catalog {
    pub(super) fn add_column(
        &mut self,
        table: RelationId,
        def: &ddl::Column,
        if_not_exists: bool,
        recurse: bool,
        at: At<'_>,
    ) -> Attempt {
        let relation = self.at(table);
        if relation.column(&def.name).is_some() {
            return if if_not_exists { Ok(()) } else { Err(Refused("column already exists")) };
        }
        if relation.partition_of.is_some() {
            return Err(Refused("cannot add column to a partition"));
        }
        if relation.of_type.is_some() {
            return Err(Refused("cannot add column to typed table"));
        }
        if !relation.children.is_empty() && (!recurse || def.identity) {
            return Err(Refused("column must be added to child tables too"));
        }
        let name = relation.name.clone();
        let (column, sequence) = self.new_column(&name, def, at)?;
        self.pass_column_on(table, &column)?;
        self.put_column(table, column)?;
        if let Some(id) = sequence {
            self.own(id, Some((table, def.name.clone())));
        }
        Ok(())
    }

    fn put_column(&mut self, table: RelationId, column: Column) -> Attempt {
        if self.at(table).columns.len() >= MOST_COLUMNS {
            return Err(Refused("tables can have at most 1600 columns"));
        }
        self.push(table, |r| &mut r.columns, column);
        Ok(())
    }

    /// Gives each child the column, or marks the one it has as inherited.
    fn pass_column_on(&mut self, table: RelationId, column: &Column) -> Attempt {
        let inherited = Column { inherited: true, local: false, ..column.clone() };
        for child in self.at(table).children.clone() {
            let Some(at) = self.at(child).columns.iter().position(|own| own.name == column.name) else {
                self.put_column(child, inherited.clone())?;
                self.pass_column_on(child, column)?;
                continue;
            };
            if !self.at(child).columns.get(at).is_some_and(|own| own.has_type_of(column)) {
                return Err(Refused("child table has different type for column"));
            }
            self.change(child, |r| &mut r.columns, at, |own| own.inherited = true);
        }
        Ok(())
    }

    pub(super) fn drop_column(
        &mut self,
        table: RelationId,
        column: &str,
        if_exists: bool,
        cascade: bool,
        recurse: bool,
    ) -> Attempt {
        let relation = self.at(table);
        let Some(found) = relation.column(column) else {
            let fine = if_exists || !relation.complete;
            return if fine { Ok(()) } else { Err(Refused("column does not exist")) };
        };
        if found.inherited {
            return Err(Refused("cannot drop inherited column"));
        }
        if relation.of_type.is_some() {
            return Err(Refused("cannot drop column from typed table"));
        }
        if relation.is_partitioned() && !recurse && !relation.children.is_empty() {
            return Err(Refused("cannot drop column from only the partitioned table when partitions exist"));
        }
        let mut doomed = Vec::new();
        self.doom_column(table, column, recurse, &mut doomed)?;
        self.drop_all(doomed, cascade)
    }

    /// The column, and those of children that are only there because of it.
    fn doom_column(
        &mut self,
        table: RelationId,
        column: &str,
        recurse: bool,
        doomed: &mut Vec<Object>,
    ) -> Attempt {
        let key = self.at(table).partition_by.as_ref();
        if key.is_some_and(|key| key.columns.iter().any(|own| own == column)) {
            return Err(Refused("cannot drop column named in partition key"));
        }
        doomed.push(Object::Column(table, column.to_owned()));
        for child in self.at(table).children.clone() {
            let elsewhere = self.has_from_other_parent(child, table, column);
            let Some(at) = self.at(child).columns.iter().position(|own| own.name == column) else { continue };
            let local = self.at(child).columns.get(at).is_some_and(|own| own.local);
            if recurse && !local && !elsewhere {
                self.doom_column(child, column, recurse, doomed)?;
                continue;
            }
            self.change(
                child,
                |r| &mut r.columns,
                at,
                |own| {
                    own.inherited = elsewhere;
                    own.local |= !recurse || !elsewhere;
                },
            );
        }
        Ok(())
    }

    fn has_from_other_parent(&self, child: RelationId, parent: RelationId, column: &str) -> bool {
        let mut others = self.at(child).parents().filter(|other| *other != parent);
        others.any(|other| self.at(other).column(column).is_some())
    }
}
