//! `LIKE source INCLUDING …`.

use super::check::NewCheck;
use super::create_table::NewColumns;
use super::index::NewIndex;
use super::inherit::Merge;
use super::{At, Attempt, Refused};
use crate::QualifiedName;
use crate::catalog::{Catalog, Column, ConstraintKind, RelationId};
use crate::claim::RelationKind;
use crate::ddl::{Expr, Like};

impl Catalog {
    /// The columns that a table is made like.
    pub(super) fn like_columns(
        &mut self,
        new: &mut NewColumns,
        name: &QualifiedName,
        like: &Like,
        at: At<'_>,
    ) -> Attempt {
        let source = self.target(&like.source, RelationKind::Table, at)?;
        new.complete &= self.at(source).complete;
        for column in self.at(source).columns.clone() {
            let identity = column.identity && like.includes("identity");
            if identity {
                let sequence = self.column_sequence(name, &column.name, true, at);
                new.sequences.push((sequence, column.name.clone()));
            }
            new.merge_own(like_column(column, like, identity), Merge::WithParents)?;
        }
        Ok(())
    }

    /// The checks and indexes that a table is made like, once the table is there.
    pub(super) fn finish_like(&mut self, table: RelationId, like: &Like, at: At<'_>) -> Attempt {
        let source = self.target(&like.source, RelationKind::Table, at)?;
        if like.includes("constraints") {
            self.like_checks(table, source)?;
        }
        if like.includes("indexes") {
            self.like_indexes(table, source, at)?;
        }
        Ok(())
    }

    fn like_checks(&mut self, table: RelationId, source: RelationId) -> Attempt {
        for check in self.at(source).checks().cloned().collect::<Vec<_>>() {
            let ConstraintKind::Check { text, columns, not_null } = check.kind else { continue };
            let expr = Expr { text, columns, not_null, ..Expr::default() };
            let new = NewCheck {
                name: Some(&check.name),
                expr: &expr,
                valid: true,
                enforced: check.enforced,
                no_inherit: check.no_inherit,
                new_table: false,
            };
            self.add_check(table, &new, true)?;
        }
        Ok(())
    }

    fn like_indexes(&mut self, table: RelationId, source: RelationId, at: At<'_>) -> Attempt {
        for id in self.at(source).indexes.clone() {
            let Some(new) = self.index_again(source, id) else { continue };
            if new.info.primary && self.primary_key(table).is_some() {
                return Err(Refused("multiple primary keys for table are not allowed"));
            }
            self.define_index(table, new, None, at)?;
        }
        Ok(())
    }

    /// An index, to be made once more on another table.
    pub(super) fn index_again(&self, table: RelationId, id: RelationId) -> Option<NewIndex> {
        let mut info = self.at(id).index.clone()?;
        info.valid = true;
        Some(NewIndex { name: None, info, key: self.key_kind(table, id), only: false })
    }
}

fn like_column(column: Column, like: &Like, identity: bool) -> Column {
    let generated = column.generated.filter(|_| like.includes("generated"));
    Column {
        identity,
        default: column.default.filter(|_| like.includes("defaults")),
        made_of: if generated.is_some() { column.made_of } else { Vec::new() },
        generated,
        inherited: false,
        local: true,
        ..column
    }
}

impl Like {
    /// Whether that is included.
    fn includes(&self, what: &str) -> bool {
        let has = |list: &[String]| list.iter().any(|one| one == what || one == "all");
        has(&self.including) && !self.excluding.iter().any(|one| one == what || one == "all")
    }
}
