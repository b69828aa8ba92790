use super::fields::{Row, names, of_relation, registered, truth, values_of};
use crate::QualifiedName;
use crate::catalog::{Relation, TypeDef};
use crate::claim::RelationKind;
use crate::ddl::{Lookup, TypeBody};
use crate::replay::World;

/// Anything with a name and a schema of its own.
struct Named<'a> {
    name: &'a QualifiedName,
    /// The columns that hold the name, and that hold the schema.
    columns: (&'static [&'static str], &'static [&'static str]),
    /// One more column, with what it may say.
    kind: (&'a str, &'a [&'a str]),
}

impl Row for Named<'_> {
    fn is(&self, column: &str, value: &str) -> Option<bool> {
        match column {
            _ if self.columns.0.contains(&column) => Some(self.name.name == value),
            _ if self.columns.1.contains(&column) => Some(self.name.schema == value),
            "oid" | "typnamespace" | "pronamespace" => {
                Some(names(value, self.name) || self.name.schema == value)
            }
            _ if column == self.kind.0 => Some(self.kind.1.contains(&value)),
            _ => None,
        }
    }

    fn values(&self) -> Vec<(&'static str, String)> {
        let names = self.columns.0.iter().map(|column| (*column, self.name.name.clone()));
        let schemas = self.columns.1.iter().map(|column| (*column, self.name.schema.clone()));
        names.chain(schemas).chain([("oid", registered(self.name))]).collect()
    }
}

/// The columns that hold the name of a type, and its schema.
const TYPE: (&[&str], &[&str]) = (&["typname"], &["nspname"]);

/// The same of a function.
const FUNCTION: (&[&str], &[&str]) =
    (&["proname", "routine_name"], &["nspname", "routine_schema", "specific_schema"]);

/// A label of an enum.
struct Label<'a> {
    ty: &'a QualifiedName,
    label: &'a str,
}

impl Row for Label<'_> {
    fn is(&self, column: &str, value: &str) -> Option<bool> {
        match column {
            "enumlabel" => Some(self.label == value),
            "typname" => Some(self.ty.name == value),
            "nspname" => Some(self.ty.schema == value),
            "enumtypid" => Some(names(value, self.ty)),
            _ => None,
        }
    }

    fn values(&self) -> Vec<(&'static str, String)> {
        vec![("enumlabel", self.label.to_owned()), ("typname", self.ty.name.clone())]
    }
}

/// A trigger or a policy of a table.
struct Attached<'a> {
    table: &'a Relation,
    name: &'a str,
}

impl Row for Attached<'_> {
    fn is(&self, column: &str, value: &str) -> Option<bool> {
        match column {
            "tgname" | "trigger_name" | "policyname" | "polname" => Some(self.name == value),
            "tgisinternal" => truth(value, false),
            "trigger_schema" => Some(self.table.name.schema == value),
            _ => of_relation(self.table, column, value),
        }
    }

    fn values(&self) -> Vec<(&'static str, String)> {
        let names = ["tgname", "trigger_name", "policyname", "polname"];
        let names = names.map(|column| (column, self.name.to_owned()));
        names.into_iter().chain(values_of(self.table)).collect()
    }
}

/// A schema or an extension.
struct Plain<'a>(&'a str);

impl Row for Plain<'_> {
    fn is(&self, column: &str, value: &str) -> Option<bool> {
        matches!(column, "nspname" | "schema_name" | "extname").then_some(self.0 == value)
    }

    fn values(&self) -> Vec<(&'static str, String)> {
        ["nspname", "schema_name", "extname"].map(|column| (column, self.0.to_owned())).into()
    }
}

impl World<'_> {
    /// Types, and the row types of relations.
    pub(super) fn visit_types(&self, show: &mut dyn FnMut(&dyn Row)) {
        for (name, def) in self.catalog.types() {
            show(&Named { name, columns: TYPE, kind: ("typtype", letter(def)) });
        }
        let with_rows =
            |kind| !matches!(kind, RelationKind::Index | RelationKind::Sequence | RelationKind::Composite);
        for (_, relation) in self.catalog.relations().filter(|(_, relation)| with_rows(relation.kind)) {
            show(&Named { name: &relation.name, columns: TYPE, kind: ("typtype", &["c"]) });
        }
    }

    /// The labels of enums.
    pub(super) fn visit_labels(&self, show: &mut dyn FnMut(&dyn Row)) {
        for (ty, labels) in self.enums() {
            for label in labels {
                show(&Label { ty, label });
            }
        }
    }

    /// Whether the enum whose label is asked for is one that a migration made.
    pub(super) fn knows_enum(&self, lookup: &Lookup) -> bool {
        let asked = |(column, value): &(String, String)| {
            let of_type = matches!(column.as_str(), "typname" | "enumtypid");
            of_type && self.enums().any(|(ty, _)| names(value, ty) || ty.name == *value)
        };
        lookup.equals.iter().any(asked)
    }

    fn enums(&self) -> impl Iterator<Item = (&QualifiedName, &Vec<String>)> {
        self.catalog.types().filter_map(|(ty, def)| match def {
            TypeDef::Body(TypeBody::Enum(labels)) => Some((ty, labels)),
            _ => None,
        })
    }

    /// Functions and procedures.
    pub(super) fn visit_functions(&self, show: &mut dyn FnMut(&dyn Row)) {
        for (name, _) in self.catalog.functions().filter(|(_, all)| !all.is_empty()) {
            show(&Named { name, columns: FUNCTION, kind: ("routine_type", &["FUNCTION", "PROCEDURE"]) });
        }
    }

    /// Triggers, less those of foreign keys.
    pub(super) fn visit_triggers(&self, show: &mut dyn FnMut(&dyn Row)) {
        for (_, table) in self.catalog.relations() {
            for trigger in &table.triggers {
                show(&Attached { table, name: &trigger.name });
            }
        }
    }

    /// Policies.
    pub(super) fn visit_policies(&self, show: &mut dyn FnMut(&dyn Row)) {
        for (_, table) in self.catalog.relations() {
            for name in &table.policies {
                show(&Attached { table, name });
            }
        }
    }

    /// Extensions that a migration made.
    pub(super) fn visit_extensions(&self, show: &mut dyn FnMut(&dyn Row)) {
        for name in self.catalog.extensions() {
            show(&Plain(name));
        }
    }

    /// Schemas.
    pub(super) fn visit_schemas(&self, show: &mut dyn FnMut(&dyn Row)) {
        let always = ["public", "pg_catalog", "information_schema", "pg_toast"];
        for name in self.catalog.schemas().chain(always) {
            show(&Plain(name));
        }
    }
}

fn letter(def: &TypeDef) -> &'static [&'static str] {
    match def {
        TypeDef::Body(TypeBody::Enum(_)) => &["e"],
        TypeDef::Body(TypeBody::Composite(_)) => &["c"],
        TypeDef::Body(TypeBody::Range(_)) => &["r"],
        TypeDef::Body(TypeBody::Base) => &["b"],
        TypeDef::Domain { .. } => &["d"],
    }
}
