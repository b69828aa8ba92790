use super::About;
use super::fields::{Row, of_relation, parse, registered, truth, values_of};
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

    fn values(&self) -> Vec<(&'static str, String)> {
        let own = self.relation.name.name.clone();
        let names = [
            "viewname",
            "matviewname",
            "sequencename",
            "sequence_name",
            "indexname",
            "indexrelname",
            "relname",
        ];
        let mut values: Vec<_> = names.map(|column| (column, own.clone())).into();
        values.push(("indexrelid", registered(&self.relation.name)));
        values.extend(values_of(self.table.unwrap_or(self.relation)));
        values
    }
}

impl World<'_> {
    pub(super) fn visit_relations(&self, about: About, show: &mut dyn FnMut(&dyn Row)) {
        for (_, relation) in self.catalog.relations().filter(|(_, relation)| shows(about, relation)) {
            show(&shown(&self.catalog, relation));
        }
    }

    /// Whether a relation that was not shown is certainly not there: a migration dropped it.
    pub(super) fn knows_relation(&self, lookup: &Lookup) -> bool {
        const NAMES: [&str; 8] = [
            "relname",
            "tablename",
            "table_name",
            "viewname",
            "matviewname",
            "sequencename",
            "sequence_name",
            "oid",
        ];
        let value = |names: &[&str]| {
            let mut named = lookup.equals.iter().filter(|(column, _)| names.contains(&column.as_str()));
            named.next().map(|(_, value)| value.as_str())
        };
        let Some(name) = value(&NAMES).map(parse) else { return false };
        let schema = value(&["nspname", "schemaname", "table_schema"]).map(ToOwned::to_owned);
        let name = ObjectName { schema: schema.or(name.schema), name: name.name };
        !matches!(self.catalog.find(&name, &self.path), Found::Unknown)
    }

    /// The relation that a question is about, and whether all of it is known.
    pub(super) fn knows_table(&self, lookup: &Lookup) -> bool {
        const TABLES: [&str; 10] = [
            "inhparent",
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
        let mut known = named.map(|(_, value)| self.knows_named(&parse(value).name));
        known.next().is_some_and(|first| first && known.all(|one| one))
    }

    fn knows_named(&self, name: &str) -> bool {
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
