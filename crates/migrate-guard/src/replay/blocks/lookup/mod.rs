//! Questions to the system catalogs, answered from the catalog that was replayed.
//!
//! Every candidate is a row with the columns that are asked for; the answer is yes if one certainly fits, no if none
//! can and all are known, and otherwise nobody knows.

mod columns;
mod constraints;
mod fields;
mod objects;
mod partitions;
mod relations;
mod rows;

use super::conditions::every;
use crate::ddl::Lookup;
use crate::replay::World;
use fields::Row;
pub(super) use rows::Rows;

/// What a question is about: the most particular of the relations it asks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum About {
    Labels,
    Constraints,
    Columns,
    Triggers,
    Policies,
    Functions,
    Extensions,
    Indexes,
    Partitions,
    Views,
    Tables,
    Sequences,
    Relations,
    Types,
    Schemas,
}

/// The system's relations, the particular ones first: `pg_constraint` joined with `pg_class` is about constraints.
const RELATIONS: [(&str, About); 31] = [
    ("pg_enum", About::Labels),
    ("pg_constraint", About::Constraints),
    ("table_constraints", About::Constraints),
    ("key_column_usage", About::Constraints),
    ("constraint_column_usage", About::Constraints),
    ("referential_constraints", About::Constraints),
    ("check_constraints", About::Constraints),
    ("pg_attribute", About::Columns),
    ("columns", About::Columns),
    ("pg_trigger", About::Triggers),
    ("triggers", About::Triggers),
    ("pg_policies", About::Policies),
    ("pg_policy", About::Policies),
    ("pg_proc", About::Functions),
    ("routines", About::Functions),
    ("pg_extension", About::Extensions),
    ("pg_indexes", About::Indexes),
    ("pg_index", About::Indexes),
    ("pg_stat_user_indexes", About::Indexes),
    ("pg_inherits", About::Partitions),
    ("pg_views", About::Views),
    ("views", About::Views),
    ("pg_matviews", About::Views),
    ("pg_tables", About::Tables),
    ("tables", About::Tables),
    ("pg_sequences", About::Sequences),
    ("sequences", About::Sequences),
    ("pg_type", About::Types),
    ("pg_class", About::Relations),
    ("pg_namespace", About::Schemas),
    ("schemata", About::Schemas),
];

impl About {
    /// Of more particular rows than those of partitions, such as their indexes, nobody knows whose partition they are of.
    fn of(lookup: &Lookup) -> Option<Self> {
        let asked = |name: &str| lookup.relations.iter().any(|relation| relation == name);
        let (_, about) = RELATIONS.iter().find(|(name, _)| asked(name))?;
        (*about == Self::Partitions || !asked("pg_inherits")).then_some(*about)
    }
}

/// What the rows say of a question.
#[derive(Debug, Default)]
struct Fits {
    certainly: bool,
    perhaps: bool,
}

impl World<'_> {
    /// Whether there is what a question asks for. What was not understood of it can only make the answer no.
    pub(super) fn exists(&self, lookup: &Lookup) -> Option<bool> {
        let about = About::of(lookup).filter(|_| !lookup.equals.is_empty())?;
        let mut fits = Fits::default();
        self.visit(about, lookup, &mut |row| match fit(row, lookup) {
            Some(true) => fits.certainly = true,
            Some(false) => {}
            None => fits.perhaps = true,
        });
        match fits {
            Fits { certainly: true, .. } => (!lookup.partial).then_some(true),
            Fits { perhaps: true, .. } => None,
            Fits { .. } => self.knows(about, lookup).then_some(false),
        }
    }

    /// Shows every row that a question may be about.
    fn visit(&self, about: About, lookup: &Lookup, show: &mut dyn FnMut(&dyn Row)) {
        match about {
            About::Labels => self.visit_labels(show),
            About::Constraints => self.visit_constraints(show),
            About::Columns => self.visit_columns(lookup, show),
            About::Triggers => self.visit_triggers(show),
            About::Policies => self.visit_policies(show),
            About::Functions => self.visit_functions(show),
            About::Extensions => self.visit_extensions(show),
            About::Types => self.visit_types(show),
            About::Schemas => self.visit_schemas(show),
            About::Partitions => self.visit_partitions(show),
            About::Indexes | About::Views | About::Tables | About::Sequences | About::Relations => {
                self.visit_relations(about, show);
            }
        }
    }

    /// Whether all rows that a question may be about were shown.
    fn knows(&self, about: About, lookup: &Lookup) -> bool {
        match about {
            About::Labels => self.knows_enum(lookup),
            About::Constraints => self.knows_table(lookup) || self.knows_constraint(lookup),
            About::Partitions => self.knows_table(lookup),
            About::Columns | About::Triggers | About::Policies => {
                self.knows_table(lookup) || self.knows_all()
            }
            About::Extensions => false,
            About::Functions | About::Types | About::Schemas | About::Indexes => self.knows_all(),
            About::Views | About::Tables | About::Sequences | About::Relations => self.knows_relation(lookup),
        }
    }

    /// Whether everything that the migrations speak of was made by them, so that what is not there is nowhere.
    fn knows_all(&self) -> bool {
        self.catalog.relations().all(|(_, relation)| relation.complete)
    }
}

/// Whether a row fits a question.
fn fit(row: &dyn Row, lookup: &Lookup) -> Option<bool> {
    every(lookup.equals.iter().map(|(column, value)| row.is(column, value)))
}
