//! Indexes, and the same index on each partition.

use super::key::KeyKind;
use super::{At, Attempt, Refused};
use crate::QualifiedName;
use crate::catalog::naming::{Naming, addition, labels};
use crate::catalog::{Catalog, Constraint, ConstraintId, ConstraintKind, IndexInfo, Relation, RelationId};
use crate::claim::RelationKind;
use crate::ddl::{CreateIndex, IndexElement, Value};

/// The most columns of an index (`INDEX_MAX_KEYS`).
pub(super) const MOST_COLUMNS: usize = 32;

/// An index as it is asked for.
#[derive(Clone, Debug)]
pub(super) struct NewIndex {
    pub(super) name: Option<String>,
    pub(super) info: IndexInfo,
    /// The key it is for.
    pub(super) key: Option<KeyKind>,
    /// `ON ONLY`.
    pub(super) only: bool,
}

/// The index of a partitioned table that one is part of, and its constraint.
pub(super) type Whole = (RelationId, Option<ConstraintId>);

impl Catalog {
    pub(super) fn create_index(&mut self, create: &CreateIndex, at: At<'_>) -> Attempt {
        let table = self.target(&create.table, RelationKind::Table, at)?;
        let name = create.name.as_ref().map(|name| QualifiedName::new(&self.at(table).name.schema, name));
        if create.if_not_exists && name.is_some_and(|name| self.is_there(&name)) {
            return Ok(());
        }
        if create.concurrently && self.at(table).is_partitioned() {
            return Err(Refused("cannot create index on partitioned table concurrently"));
        }
        let info = index_info(create);
        self.need_columns(table, info.columns.iter().flatten().chain(&info.include))?;
        let index = NewIndex { name: create.name.clone(), info, key: None, only: create.only };
        self.define_index(table, index, None, at).map(drop)
    }

    /// Makes an index on a table, its constraint, and the same on its partitions.
    pub(super) fn define_index(
        &mut self,
        table: RelationId,
        mut index: NewIndex,
        whole: Option<Whole>,
        at: At<'_>,
    ) -> Attempt<RelationId> {
        self.may_have(table, &index)?;
        let name = self.index_name(table, &index);
        index.info.label();
        index.info.table = table;
        index.info.part_of = whole.map(|(id, _)| id);
        index.info.valid = !index.only || self.at(table).children.is_empty();
        let columns: Vec<_> = index.info.columns.iter().flatten().cloned().collect();
        let relation = Relation {
            name: QualifiedName::new(&self.at(table).name.schema, &name),
            kind: RelationKind::Index,
            born: Some(at.file),
            persistence: self.at(table).persistence,
            complete: true,
            index: Some(index.info.clone()),
            ..Relation::default()
        };
        let id = self.create(relation);
        self.push(table, |r| &mut r.indexes, id);
        let part_of = whole.and_then(|(_, constraint)| constraint);
        let constraint =
            index.key.map(|key| self.add_key_constraint(table, name, key, columns, Some(id), part_of));
        if self.at(table).is_partitioned() && !index.only {
            self.index_partitions(table, &index, (id, constraint), at)?;
        }
        Ok(id)
    }

    /// That the table may have such an index, and its name is free.
    fn may_have(&self, table: RelationId, index: &NewIndex) -> Attempt {
        let relation = self.at(table);
        let kinds = [RelationKind::Table, RelationKind::Partitioned, RelationKind::MaterializedView];
        if !kinds.contains(&relation.kind) {
            return Err(Refused("cannot create index on relation"));
        }
        if index.info.columns.len() + index.info.include.len() > MOST_COLUMNS {
            return Err(Refused("cannot use more than 32 columns in an index"));
        }
        let key = relation.partition_by.iter().flat_map(|by| &by.columns);
        let covered = |column: &String| index.info.columns.contains(&Some(column.clone()));
        if index.info.unique && !key.into_iter().all(covered) {
            return Err(Refused(
                "unique constraint on partitioned table must include all partitioning columns",
            ));
        }
        let Some(name) = &index.name else { return Ok(()) };
        if self.is_there(&QualifiedName::new(&relation.name.schema, name)) {
            return Err(Refused("relation already exists"));
        }
        if index.key.is_some() && self.has_constraint(table, name) {
            return Err(Refused("constraint already exists"));
        }
        Ok(())
    }

    /// The name given, or the one `ChooseIndexName` makes.
    fn index_name(&mut self, table: RelationId, index: &NewIndex) -> String {
        if let Some(name) = &index.name {
            return name.clone();
        }
        let relation = self.at(table).name.clone();
        let mut info = index.info.clone();
        info.label();
        let columns = addition(info.labels.iter().map(String::as_str));
        let (addition, label) = match index.key {
            Some(KeyKind::Primary) => ("", KeyKind::Primary.label()),
            Some(key) => (columns.as_str(), key.label()),
            None => (columns.as_str(), "idx"),
        };
        let naming = if index.key.is_some() { Naming::Both } else { Naming::Relation };
        self.choose_name(&relation.schema, (&relation.name, addition, label), naming)
    }

    fn index_partitions(&mut self, table: RelationId, index: &NewIndex, whole: Whole, at: At<'_>) -> Attempt {
        for partition in self.at(table).children.clone() {
            self.index_partition(partition, index, whole, at)?;
        }
        Ok(())
    }

    /// Has an index of the partition be part of the whole: one that it has, or a new one.
    pub(super) fn index_partition(
        &mut self,
        partition: RelationId,
        index: &NewIndex,
        whole: Whole,
        at: At<'_>,
    ) -> Attempt {
        if self.at(partition).kind == RelationKind::Foreign {
            let unique = index.info.unique;
            return if unique {
                Err(Refused("cannot create unique index on foreign partitions"))
            } else {
                Ok(())
            };
        }
        let Some(found) = self.index_like(partition, &index.info, index.key) else {
            let new = NewIndex { name: None, only: false, ..index.clone() };
            return self.define_index(partition, new, Some(whole), at).map(drop);
        };
        self.join_index(found, whole);
        if self.at(found).index.as_ref().is_some_and(|info| !info.valid) {
            self.set(whole.0, |r| &mut r.index_mut().valid, false);
        }
        Ok(())
    }

    /// An index of the table that could be part of the given one, and is part of none yet.
    fn index_like(&self, table: RelationId, like: &IndexInfo, key: Option<KeyKind>) -> Option<RelationId> {
        let mut indexes = self.at(table).indexes.iter().copied();
        indexes.find(|id| {
            let info = self.at(*id).index.as_ref();
            let free = info.is_some_and(|info| info.part_of.is_none() && info.is_like(like));
            free && (key.is_none() || key == self.key_kind(table, *id))
        })
    }

    /// Makes an index part of a partitioned one, and its constraint part of that one's.
    pub(super) fn join_index(&mut self, index: RelationId, (whole, constraint): Whole) {
        self.set(index, |r| &mut r.index_mut().part_of, Some(whole));
        let table = self.at(index).index.as_ref().map(|info| info.table).unwrap_or_default();
        let own = self.constraint_of(table, index).map(|constraint| constraint.id);
        if let (Some(own), Some(part_of)) = (own, constraint) {
            self.change_constraint(table, own, |constraint| constraint.join(part_of));
        }
    }

    /// The constraint that an index is for.
    pub(in crate::catalog) fn constraint_of(
        &self,
        table: RelationId,
        index: RelationId,
    ) -> Option<&Constraint> {
        let constraint = self.at(index).index.as_ref().is_some_and(|info| info.constraint);
        let mut constraints = self.at(table).constraints.iter().filter(|_| constraint);
        constraints.find(|constraint| constraint.index() == Some(index))
    }

    /// Which kind of key an index is for.
    pub(super) fn key_kind(&self, table: RelationId, index: RelationId) -> Option<KeyKind> {
        match self.constraint_of(table, index)?.kind {
            ConstraintKind::Primary { .. } => Some(KeyKind::Primary),
            ConstraintKind::Exclude { .. } => Some(KeyKind::Exclusion),
            _ => Some(KeyKind::Unique),
        }
    }
}

impl IndexInfo {
    /// Whether one could be part of the other, as `CompareIndexInfo` sees it.
    pub(super) fn is_like(&self, other: &Self) -> bool {
        self.unique == other.unique
            && self.method == other.method
            && self.columns == other.columns
            && self.include == other.include
            && self.special == other.special
            && self.expressions == other.expressions
            && self.predicate == other.predicate
    }

    /// Names its columns, unless it was made like another and has that one's names.
    fn label(&mut self) {
        if self.labels.is_empty() {
            let columns = self.columns.iter().map(|column| column.as_deref().unwrap_or("expr"));
            self.labels = labels(columns.chain(self.include.iter().map(String::as_str)));
        }
    }
}

impl Constraint {
    /// The index of a key.
    pub(in crate::catalog) fn index(&self) -> Option<RelationId> {
        match self.kind {
            ConstraintKind::Primary { index, .. }
            | ConstraintKind::Unique { index, .. }
            | ConstraintKind::Exclude { index, .. } => index,
            _ => None,
        }
    }

    /// Makes it part of a partitioned table's.
    pub(super) fn join(&mut self, whole: ConstraintId) {
        self.part_of = Some(whole);
        self.inherited = true;
        self.local = false;
    }

    /// Makes it the table's own again.
    pub(super) fn leave(&mut self) {
        self.part_of = None;
        self.inherited = false;
        self.local = true;
    }
}

fn index_info(create: &CreateIndex) -> IndexInfo {
    let mut info = of_elements(&create.elements, &create.include);
    info.mentions.extend(create.predicate.iter().flat_map(|expr| expr.columns.iter().cloned()));
    info.mentions.sort_unstable();
    info.mentions.dedup();
    IndexInfo {
        unique: create.unique,
        predicate: create.predicate.as_ref().map(|expr| expr.text.clone()),
        partial: create.predicate.is_some(),
        method: create.method.clone(),
        ..info
    }
}

/// An index of these elements.
pub(super) fn of_elements(elements: &[IndexElement], include: &[String]) -> IndexInfo {
    let expressions =
        elements.iter().filter(|element| element.column().is_none()).map(|element| &element.expr);
    let own = elements.iter().map(|element| element.column().cloned().unwrap_or_else(|| element.label()));
    let names: Vec<_> = own.chain(include.iter().cloned()).take(MOST_COLUMNS + 1).collect();
    IndexInfo {
        columns: elements.iter().map(|element| element.column().cloned()).collect(),
        labels: labels(names.iter().map(String::as_str)),
        include: include.to_vec(),
        expressions: expressions.clone().map(|expr| expr.text.clone()).collect(),
        special: elements.iter().map(|element| element.special).collect(),
        mentions: expressions.flat_map(|expr| expr.columns.iter().cloned()).collect(),
        valid: true,
        ..IndexInfo::default()
    }
}

impl IndexElement {
    /// The column, if it is one.
    fn column(&self) -> Option<&String> {
        if let Value::Column(column) = &self.expr.value { Some(column) } else { None }
    }

    /// What an expression is called, as `FigureIndexColname` has it: the function it calls at its outermost.
    fn label(&self) -> String {
        super::figure::column_name(&self.expr).unwrap_or_else(|| "expr".to_owned())
    }
}
