//! Keys: primary, unique and exclusion constraints, each with its index.

use super::index::{NewIndex, of_elements};
use super::{At, Attempt, Refused};
use crate::QualifiedName;
use crate::catalog::{Catalog, Constraint, ConstraintId, ConstraintKind, IndexInfo, RelationId};
use crate::ddl;

/// Which kind of key an index is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum KeyKind {
    Primary,
    Unique,
    Exclusion,
}

impl KeyKind {
    /// The end of the name that PostgreSQL makes.
    pub(super) const fn label(self) -> &'static str {
        match self {
            Self::Primary => "pkey",
            Self::Unique => "key",
            Self::Exclusion => "excl",
        }
    }
}

impl Catalog {
    /// Adds a key to a table and its partitions. `recurse` is whether a primary key's columns are required of
    /// inheritors too.
    pub(super) fn add_key(
        &mut self,
        table: RelationId,
        constraint: &ddl::Constraint,
        recurse: bool,
        at: At<'_>,
    ) -> Attempt {
        match &constraint.kind {
            ddl::ConstraintKind::Primary { index: Some(index), .. } => {
                self.key_of_index(table, index, constraint, KeyKind::Primary)
            }
            ddl::ConstraintKind::Unique { index: Some(index), .. } => {
                self.key_of_index(table, index, constraint, KeyKind::Unique)
            }
            ddl::ConstraintKind::Primary { columns, .. } => {
                self.require_key(table, columns, recurse)?;
                self.new_key(table, constraint, plain_key(columns, true), at)
            }
            ddl::ConstraintKind::Unique { columns, .. } => {
                self.new_key(table, constraint, plain_key(columns, false), at)
            }
            ddl::ConstraintKind::Exclude { elements, method, .. } => {
                let info = IndexInfo { method: method.clone(), ..of_elements(elements, &constraint.include) };
                self.new_key(table, constraint, (KeyKind::Exclusion, info), at)
            }
            _ => Ok(()),
        }
    }

    fn new_key(
        &mut self,
        table: RelationId,
        constraint: &ddl::Constraint,
        (kind, info): (KeyKind, IndexInfo),
        at: At<'_>,
    ) -> Attempt {
        let info = IndexInfo { table, constraint: true, include: constraint.include.clone(), ..info };
        self.need_columns(table, info.columns.iter().flatten().chain(&info.include))?;
        let index = NewIndex { name: constraint.name.clone(), info, key: Some(kind), only: false };
        self.define_index(table, index, None, at).map(drop)
    }

    /// That there is no primary key yet, and that its columns are required.
    fn require_key(&mut self, table: RelationId, columns: &[String], recurse: bool) -> Attempt {
        self.need_columns(table, columns)?;
        if self.primary_key(table).is_some() {
            return Err(Refused("multiple primary keys for table are not allowed"));
        }
        columns.iter().try_for_each(|column| self.require(table, column, recurse))
    }

    /// The primary key of a table.
    pub(in crate::catalog) fn primary_key(&self, table: RelationId) -> Option<&Constraint> {
        let constraints = &self.at(table).constraints;
        constraints.iter().find(|constraint| matches!(constraint.kind, ConstraintKind::Primary { .. }))
    }

    /// `ADD … USING INDEX`: the index becomes the constraint's, and takes its name.
    fn key_of_index(
        &mut self,
        table: RelationId,
        index: &str,
        constraint: &ddl::Constraint,
        kind: KeyKind,
    ) -> Attempt {
        if self.at(table).is_partitioned() {
            return Err(Refused("ADD CONSTRAINT USING INDEX is not supported on partitioned tables"));
        }
        let full = QualifiedName::new(&self.at(table).name.schema, index);
        let id = match self.id(&full) {
            Some((id, found)) if found.index.as_ref().is_some_and(|index| index.table == table) => id,
            None if !self.at(table).complete => return self.key_of_unknown_index(table, constraint, kind),
            _ => return Err(Refused("index does not exist")),
        };
        let info = self.at(id).index.clone().unwrap_or_default();
        let plain = info.columns.iter().all(Option::is_some) && !info.special.contains(&true);
        if info.constraint || !info.unique || !info.valid || info.partial || !plain {
            return Err(Refused("index cannot be used for a constraint"));
        }
        let columns: Vec<_> = info.columns.into_iter().flatten().collect();
        if kind == KeyKind::Primary {
            self.require_key(table, &columns, true)?;
        }
        let name = constraint.name.clone().unwrap_or_else(|| index.to_owned());
        self.name_index_for(table, id, &name)?;
        self.set(id, |r| &mut r.index_mut().constraint, true);
        self.set(id, |r| &mut r.index_mut().primary, kind == KeyKind::Primary);
        self.add_key_constraint(table, name, kind, columns, Some(id), None);
        Ok(())
    }

    fn name_index_for(&mut self, table: RelationId, index: RelationId, name: &str) -> Attempt {
        let to = QualifiedName::new(&self.at(table).name.schema, name);
        if self.has_constraint(table, name) {
            return Err(Refused("constraint already exists"));
        }
        if self.at(index).name == to {
            return Ok(());
        }
        if self.is_there(&to) {
            return Err(Refused("relation already exists"));
        }
        self.rename_relation(index, &to);
        Ok(())
    }

    /// Nobody knows the index, nor its columns.
    fn key_of_unknown_index(
        &mut self,
        table: RelationId,
        constraint: &ddl::Constraint,
        kind: KeyKind,
    ) -> Attempt {
        let name = constraint.name.clone().ok_or(Refused("index does not exist"))?;
        self.add_key_constraint(table, name, kind, Vec::new(), None, None);
        Ok(())
    }

    /// The constraint of a key's index; what it is known by.
    pub(super) fn add_key_constraint(
        &mut self,
        table: RelationId,
        name: String,
        kind: KeyKind,
        columns: Vec<String>,
        index: Option<RelationId>,
        part_of: Option<ConstraintId>,
    ) -> ConstraintId {
        let id = self.next_constraint();
        let kind = match kind {
            KeyKind::Primary => ConstraintKind::Primary { columns, index },
            KeyKind::Unique => ConstraintKind::Unique { columns, index },
            KeyKind::Exclusion => ConstraintKind::Exclude { columns, index },
        };
        let inherited = part_of.is_some();
        let constraint = Constraint {
            id,
            name,
            kind,
            valid: true,
            enforced: true,
            inherited,
            local: !inherited,
            no_inherit: true,
            part_of,
        };
        self.add_constraint(table, constraint);
        id
    }
}

/// The index of a key of columns.
fn plain_key(columns: &[String], primary: bool) -> (KeyKind, IndexInfo) {
    let info = IndexInfo {
        unique: true,
        primary,
        columns: columns.iter().cloned().map(Some).collect(),
        special: vec![false; columns.len()],
        method: "btree".to_owned(),
        valid: true,
        ..IndexInfo::default()
    };
    (if primary { KeyKind::Primary } else { KeyKind::Unique }, info)
}
