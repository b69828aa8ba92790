//! Questions to the system catalogs, answered from the catalog that was replayed.
//!
//! Every candidate is a row with the columns that are asked for; the answer is yes if one certainly fits, no if none
//! can and all are known, and otherwise nobody knows.

mod columns;
mod constraints;
mod fields;
mod objects;
mod relations;

use super::conditions::every;
use crate::ddl::Lookup;
use crate::replay::World;
use fields::Row;

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
    Views,
    Tables,
    Sequences,
    Relations,
    Types,
    Schemas,
}

/// The system's relations, the particular ones first: `pg_constraint` joined with `pg_class` is about constraints.
const RELATIONS: [(&str, About); 30] = [
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

impl World<'_> {
    /// Whether there is what a question asks for. What was not understood of it can only make the answer no.
    pub(super) fn exists(&self, lookup: &Lookup) -> Option<bool> {
        let answer = if lookup.equals.is_empty() { None } else { self.answer(lookup) };
        answer.filter(|there| !there || !lookup.partial)
    }

    fn answer(&self, lookup: &Lookup) -> Option<bool> {
        let asked = |name: &str| lookup.relations.iter().any(|relation| relation == name);
        let about = RELATIONS.iter().find(|(name, _)| asked(name)).map(|(_, about)| *about)?;
        match about {
            About::Labels => self.labels(lookup),
            About::Constraints => self.constraints(lookup),
            About::Columns => self.columns(lookup),
            About::Triggers => self.triggers(lookup),
            About::Policies => self.policies(lookup),
            About::Functions => self.functions(lookup),
            About::Extensions => self.extensions(lookup),
            About::Types => self.types(lookup),
            About::Schemas => self.schemas(lookup),
            About::Indexes | About::Views | About::Tables | About::Sequences | About::Relations => {
                self.relations(lookup, about)
            }
        }
    }

    /// Whether everything that the migrations speak of was made by them, so that what is not there is nowhere.
    fn knows_all(&self) -> bool {
        self.catalog.relations().all(|(_, relation)| relation.complete)
    }
}

/// Whether one of the rows fits.
fn any<R: Row>(rows: impl Iterator<Item = R>, lookup: &Lookup) -> Option<bool> {
    let mut known = true;
    for row in rows {
        match every(lookup.equals.iter().map(|(column, value)| row.is(column, value))) {
            Some(true) => return Some(true),
            Some(false) => {}
            None => known = false,
        }
    }
    known.then_some(false)
}
