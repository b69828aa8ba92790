use super::any;
use super::fields::{Row, names, of_relation, truth};
use crate::catalog::{Catalog, Constraint, ConstraintKind, Relation};
use crate::ddl::Lookup;
use crate::replay::World;

/// A constraint, as `pg_constraint` and `information_schema.table_constraints` show it.
struct Shown<'a> {
    catalog: &'a Catalog,
    relation: &'a Relation,
    constraint: &'a Constraint,
}

impl Row for Shown<'_> {
    fn is(&self, column: &str, value: &str) -> Option<bool> {
        match column {
            "conname" | "constraint_name" => Some(self.constraint.name == value),
            "contype" => Some(letter(&self.constraint.kind) == value),
            "constraint_type" => Some(words(&self.constraint.kind) == value.to_ascii_uppercase()),
            "convalidated" => truth(value, self.constraint.valid),
            "confrelid" => self.referenced().map(|table| names(value, &table.name)),
            "column_name" | "attname" => Some(self.columns().iter().any(|column| column == value)),
            _ => of_relation(self.relation, column, value),
        }
    }
}

impl Shown<'_> {
    fn referenced(&self) -> Option<&Relation> {
        let ConstraintKind::Foreign { references, .. } = self.constraint.kind else { return None };
        self.catalog.get(references)
    }

    fn columns(&self) -> &[String] {
        match &self.constraint.kind {
            ConstraintKind::Primary { columns, .. }
            | ConstraintKind::Unique { columns, .. }
            | ConstraintKind::Foreign { columns, .. }
            | ConstraintKind::Check { columns, .. }
            | ConstraintKind::Exclude { columns, .. } => columns,
            ConstraintKind::NotNull { column } => std::slice::from_ref(column),
        }
    }
}

impl World<'_> {
    pub(super) fn constraints(&self, lookup: &Lookup) -> Option<bool> {
        let rows = self.catalog.relations().flat_map(|(_, relation)| {
            let shown = |constraint| Shown { catalog: &self.catalog, relation, constraint };
            relation.constraints.iter().map(shown)
        });
        any(rows, lookup).filter(|there| *there || self.knows_table(lookup) || self.names_one(lookup))
    }

    /// Whether a constraint is asked for by its name alone, and all of them are known.
    fn names_one(&self, lookup: &Lookup) -> bool {
        let named = |(column, _): &(String, String)| matches!(column.as_str(), "conname" | "constraint_name");
        lookup.equals.iter().any(named) && self.knows_all()
    }
}

fn letter(kind: &ConstraintKind) -> &'static str {
    match kind {
        ConstraintKind::Primary { .. } => "p",
        ConstraintKind::Unique { .. } => "u",
        ConstraintKind::Foreign { .. } => "f",
        ConstraintKind::Check { .. } => "c",
        ConstraintKind::Exclude { .. } => "x",
        ConstraintKind::NotNull { .. } => "n",
    }
}

fn words(kind: &ConstraintKind) -> &'static str {
    match kind {
        ConstraintKind::Primary { .. } => "PRIMARY KEY",
        ConstraintKind::Unique { .. } => "UNIQUE",
        ConstraintKind::Foreign { .. } => "FOREIGN KEY",
        ConstraintKind::Check { .. } | ConstraintKind::NotNull { .. } => "CHECK",
        ConstraintKind::Exclude { .. } => "EXCLUDE",
    }
}
