use super::fields::{Row, of_relation, truth};
use super::{About, any};
use crate::ObjectName;
use crate::catalog::{Catalog, Found, Relation};
use crate::claim::RelationKind;
use crate::ddl::Lookup;
use crate::replay::World;

/// A relation, as `pg_class`, `pg_tables`, `pg_indexes` and their kin show it.
struct Shown<'a> {
    relation: &'a Relation,
    /// The table of an index.
    table: Option<&'a Relation>,
}

impl Row for Shown<'_> {
    fn is(&self, column: &str, value: &str) -> Option<bool> {
        let own = |name: &str| Some(self.relation.name.name == name);
        match (column, self.table) {
            (
                "viewname" | "matviewname" | "sequencename" | "sequence_name" | "indexname" | "indexrelname",
                _,
            ) => own(value),
            ("relname", Some(table)) => Some(self.relation.name.name == value || table.name.name == value),
            ("tablename" | "table_name" | "indrelid", Some(table)) => of_relation(table, column, value),
            ("indexrelid", _) => of_relation(self.relation, "oid", value),
            ("indisvalid", _) => truth(value, self.relation.index.as_ref()?.valid),
            ("indisunique", _) => truth(value, self.relation.index.as_ref()?.unique),
            ("indisprimary", _) => truth(value, self.relation.index.as_ref()?.primary),
            _ => of_relation(self.relation, column, value),
        }
    }
}

impl World<'_> {
    pub(super) fn relations(&self, lookup: &Lookup, about: About) -> Option<bool> {
        let rows =
            self.catalog.relations().map(|(_, relation)| relation).filter(|relation| shows(about, relation));
        match any(rows.map(|relation| shown(&self.catalog, relation)), lookup) {
            Some(false) => self.is_gone(lookup, about),
            answer => answer,
        }
    }

    /// A relation that is not there: certain if a migration dropped it. An index is there only if a migration made it,
    /// where all tables are known.
    fn is_gone(&self, lookup: &Lookup, about: About) -> Option<bool> {
        const NAMES: [&str; 8] = [
            "relname",
            "tablename",
            "table_name",
            "viewname",
            "matviewname",
            "sequencename",
            "sequence_name",
            "indexname",
        ];
        let value = |names: &[&str]| {
            lookup
                .equals
                .iter()
                .find(|(column, _)| names.contains(&column.as_str()))
                .map(|(_, value)| value.as_str())
        };
        if about == About::Indexes {
            return self.knows_all().then_some(false);
        }
        let name = value(&NAMES)?;
        let name = match value(&["nspname", "schemaname", "table_schema"]) {
            Some(schema) => ObjectName::within(schema, name),
            None => ObjectName::bare(name),
        };
        match self.catalog.find(&name, &self.path) {
            Found::Unknown => None,
            Found::Gone | Found::Here(..) => Some(false),
        }
    }

    /// The relation that a question is about, and whether all of it is known.
    pub(super) fn knows_table(&self, lookup: &Lookup) -> bool {
        const TABLES: [&str; 9] = [
            "relname",
            "tablename",
            "table_name",
            "event_object_table",
            "conrelid",
            "attrelid",
            "tgrelid",
            "polrelid",
            "indrelid",
        ];
        let named = lookup.equals.iter().filter(|(column, _)| TABLES.contains(&column.as_str()));
        let mut known =
            named.map(|(_, value)| self.knows(value.rsplit('.').next().unwrap_or(value).trim_matches('"')));
        known.next().is_some_and(|first| first && known.all(|one| one))
    }

    fn knows(&self, name: &str) -> bool {
        match self.catalog.find(&ObjectName::bare(name), &self.path) {
            Found::Here(_, relation) => relation.complete,
            Found::Gone => true,
            Found::Unknown => self.has_elsewhere(name),
        }
    }

    fn has_elsewhere(&self, name: &str) -> bool {
        let mut named =
            self.catalog.relations().filter(|(_, relation)| relation.name.name == name).peekable();
        named.peek().is_some() && named.all(|(_, relation)| relation.complete)
    }
}

fn shown<'a>(catalog: &'a Catalog, relation: &'a Relation) -> Shown<'a> {
    let table = relation.index.as_ref().and_then(|index| catalog.get(index.table));
    Shown { relation, table }
}

fn shows(about: About, relation: &Relation) -> bool {
    use RelationKind::{Foreign, Index, MaterializedView, Partitioned, Sequence, Table, View};
    match about {
        About::Indexes => relation.kind == Index,
        About::Views => matches!(relation.kind, View | MaterializedView),
        About::Tables => matches!(relation.kind, Table | Partitioned | Foreign | View),
        About::Sequences => relation.kind == Sequence,
        _ => true,
    }
}
