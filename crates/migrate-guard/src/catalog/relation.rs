use super::{ConstraintId, RelationId};
use crate::claim::RelationKind;
use crate::ddl::{OnDelete, PartitionKind, Persistence, Timing, TriggerEvent, TypeRef};
use crate::{ObjectName, QualifiedName};

/// A relation: a table, a view, an index, a sequence, a composite type.
#[derive(Clone, Debug, Default)]
#[expect(clippy::struct_excessive_bools, reason = "each is a word of the statement or a mark of the catalog")]
pub struct Relation {
    /// Its name now.
    pub name: QualifiedName,
    /// What kind.
    pub kind: RelationKind,
    /// The file that made it, by its place in the set; `None` if it was there before the set.
    pub born: Option<usize>,
    /// How long it lives.
    pub persistence: Persistence,
    /// Its columns, in order.
    pub columns: Vec<Column>,
    /// Whether those columns are all of them: not where it was met without having been made.
    pub complete: bool,
    /// Its constraints.
    pub constraints: Vec<Constraint>,
    /// Its indexes, those of constraints too.
    pub indexes: Vec<RelationId>,
    /// Its triggers, less those of foreign keys.
    pub triggers: Vec<Trigger>,
    /// Its policies.
    pub policies: Vec<String>,
    /// Its rules.
    pub rules: Vec<String>,
    /// Whether row security is on.
    pub row_security: bool,
    /// How it is partitioned.
    pub partition_by: Option<PartitionKind>,
    /// What it is a partition of.
    pub partition_of: Option<RelationId>,
    /// Whether it is the default partition.
    pub default_partition: bool,
    /// What it inherits from, its partitioned table left out.
    pub inherits: Vec<RelationId>,
    /// Its partitions, and what inherits from it.
    pub children: Vec<RelationId>,
    /// What a view reads, directly.
    pub reads: Vec<RelationId>,
    /// The columns of those that a view is made of, by their names, where that can be told.
    pub made_of: Vec<String>,
    /// Of an index.
    pub index: Option<IndexInfo>,
    /// The table and column a sequence belongs to.
    pub owned_by: Option<(RelationId, String)>,
    /// Whether it is the sequence of an identity column.
    pub of_identity: bool,
    /// The type a typed table is made of.
    pub of_type: Option<QualifiedName>,
    /// Whether it is only taken to be there, or to be called so: what made it depended on what is not known here.
    pub guessed: bool,
    /// Whether anything was written to it, as far as is known. A scan of an empty table is a scan all the same;
    /// a foreign key is only asked about a row that is there.
    pub written: bool,
}

impl Relation {
    /// Its column of that name.
    pub fn column(&self, name: &str) -> Option<&Column> {
        self.columns.iter().find(|column| column.name == name)
    }

    /// Its constraint of that name.
    pub fn constraint(&self, name: &str) -> Option<&Constraint> {
        self.constraints.iter().find(|constraint| constraint.name == name)
    }

    /// What it is as an index; of anything else, an empty one.
    pub(super) fn index_mut(&mut self) -> &mut IndexInfo {
        self.index.get_or_insert_default()
    }
}

/// A column.
#[derive(Clone, Debug, Default)]
#[expect(clippy::struct_excessive_bools, reason = "each is a word of the statement or a mark of the catalog")]
pub struct Column {
    /// Its name.
    pub name: String,
    /// Its type; `None` where it is not known.
    pub ty: Option<TypeRef>,
    /// Its collation, if it is not its type's.
    pub collation: Option<ObjectName>,
    /// Whether it is required.
    pub not_null: bool,
    /// Its default.
    pub default: Option<DefaultValue>,
    /// Whether it is an identity column.
    pub identity: bool,
    /// Whether it is generated, and stored.
    pub generated: Option<bool>,
    /// Whether it came from a parent.
    pub inherited: bool,
    /// Whether it was made here, whatever a parent has; where it was not, it goes with the parent's.
    pub local: bool,
    /// The columns that a generated column is made of.
    pub made_of: Vec<String>,
    /// The file that made it; none if it was there before the first.
    pub born: Option<usize>,
}

/// A default.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DefaultValue {
    /// Its text.
    pub text: String,
    /// The functions it calls.
    pub calls: Vec<ObjectName>,
    /// Whether it is `NULL`, which is none.
    pub null: bool,
    /// The sequences it draws from.
    pub sequences: Vec<RelationId>,
}

/// A constraint.
#[derive(Clone, Debug)]
#[expect(clippy::struct_excessive_bools, reason = "each is a word of the statement or a mark of the catalog")]
pub struct Constraint {
    /// What it is known by, whatever its name.
    pub id: ConstraintId,
    /// Its name, PostgreSQL's own where none was given.
    pub name: String,
    /// What it asks.
    pub kind: ConstraintKind,
    /// Whether every row was proven.
    pub valid: bool,
    /// Whether it is enforced.
    pub enforced: bool,
    /// Whether it came from a parent.
    pub inherited: bool,
    /// Whether it was made here, whatever a parent has; where it was not, it goes with the parent's.
    pub local: bool,
    /// Whether it is kept from those that inherit.
    pub no_inherit: bool,
    /// The key or foreign key of the partitioned table that it is part of.
    pub part_of: Option<ConstraintId>,
}

/// What a constraint asks.
#[derive(Clone, Debug)]
pub enum ConstraintKind {
    /// `PRIMARY KEY`.
    Primary {
        /// Its columns.
        columns: Vec<String>,
        /// Its index.
        index: Option<RelationId>,
    },
    /// `UNIQUE`.
    Unique {
        /// Its columns.
        columns: Vec<String>,
        /// Its index.
        index: Option<RelationId>,
    },
    /// `FOREIGN KEY`.
    Foreign {
        /// Its columns.
        columns: Vec<String>,
        /// The referenced table.
        references: RelationId,
        /// The referenced columns.
        referenced: Vec<String>,
        /// `ON DELETE`.
        on_delete: OnDelete,
        /// `ON UPDATE`.
        on_update: OnDelete,
        /// The unique index of the referenced table that it rests on, where that is known.
        index: Option<RelationId>,
    },
    /// `CHECK`.
    Check {
        /// Its text, white space folded.
        text: String,
        /// The columns it names.
        columns: Vec<String>,
        /// The columns it proves not null.
        not_null: Vec<String>,
    },
    /// `EXCLUDE`.
    Exclude {
        /// The columns of its elements.
        columns: Vec<String>,
        /// Its index.
        index: Option<RelationId>,
    },
    /// `NOT NULL` as a constraint of its own (PostgreSQL 18).
    NotNull {
        /// Which column.
        column: String,
    },
}

/// What an index is.
#[derive(Clone, Debug, Default)]
#[expect(clippy::struct_excessive_bools, reason = "each is a word of the statement or a mark of the catalog")]
pub struct IndexInfo {
    /// On which table.
    pub table: RelationId,
    /// Whether it is unique.
    pub unique: bool,
    /// Whether it is the primary key's.
    pub primary: bool,
    /// Whether it is a constraint's.
    pub constraint: bool,
    /// Its columns; an expression is `None`.
    pub columns: Vec<Option<String>>,
    /// Its columns by the names it gives them itself, those that are only stored with it too: `expr`, `lower`.
    pub labels: Vec<String>,
    /// The columns that are only stored with it.
    pub include: Vec<String>,
    /// Its expressions, as text.
    pub expressions: Vec<String>,
    /// Its predicate, as text.
    pub predicate: Option<String>,
    /// Which of its columns have a collation or an operator class of their own.
    pub special: Vec<bool>,
    /// The columns that its expressions and its predicate name.
    pub mentions: Vec<String>,
    /// Whether it has a predicate.
    pub partial: bool,
    /// Its method.
    pub method: String,
    /// Whether it is valid: not so if it was built on `ONLY` a partitioned table, say.
    pub valid: bool,
    /// The partitioned index it is part of.
    pub part_of: Option<RelationId>,
}

/// A trigger.
#[derive(Clone, Debug)]
pub struct Trigger {
    /// Its name.
    pub name: String,
    /// Which function it calls.
    pub function: ObjectName,
    /// On what.
    pub events: Vec<TriggerEvent>,
    /// `FOR EACH ROW`.
    pub each_row: bool,
    /// Before, after or instead of it.
    pub timing: Timing,
    /// Whether it fires.
    pub enabled: bool,
    /// Whether it came from a partitioned table, and goes with its.
    pub inherited: bool,
    /// The columns of `UPDATE OF`.
    pub columns: Vec<String>,
}
