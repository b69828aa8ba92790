use super::fields::{Row, names, of_relation, registered, truth, values_of};
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

    fn values(&self) -> Vec<(&'static str, String)> {
        let name = self.constraint.name.clone();
        let own = [
            ("conname", name.clone()),
            ("constraint_name", name),
            ("contype", letter(&self.constraint.kind).to_owned()),
            ("constraint_type", words(&self.constraint.kind).to_owned()),
        ];
        let referenced = self.referenced().map(|table| ("confrelid", registered(&table.name)));
        let column = self.columns().first().map(|column| ("column_name", column.clone()));
        own.into_iter().chain(referenced).chain(column).chain(values_of(self.relation)).collect()
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
    pub(super) fn visit_constraints(&self, show: &mut dyn FnMut(&dyn Row)) {
        for (_, relation) in self.catalog.relations() {
            for constraint in &relation.constraints {
                show(&Shown { catalog: &self.catalog, relation, constraint });
            }
        }
    }

    /// Whether a constraint is asked for by its name alone, and all of them are known.
    pub(super) fn knows_constraint(&self, lookup: &Lookup) -> bool {
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
