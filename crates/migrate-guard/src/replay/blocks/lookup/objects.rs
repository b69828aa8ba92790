use super::any;
use super::fields::{Row, names, of_relation, truth};
use crate::QualifiedName;
use crate::catalog::{Function, Relation, TypeDef};
use crate::claim::RelationKind;
use crate::ddl::{Lookup, TypeBody};
use crate::replay::World;

/// Anything with a name and a schema of its own.
struct Named<'a> {
    name: &'a QualifiedName,
    /// The columns that hold the name, and that hold the schema.
    columns: (&'a [&'a str], &'a [&'a str]),
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
}

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
}

/// A schema or an extension.
struct Plain<'a>(&'a str);

impl Row for Plain<'_> {
    fn is(&self, column: &str, value: &str) -> Option<bool> {
        matches!(column, "nspname" | "schema_name" | "extname").then_some(self.0 == value)
    }
}

impl World<'_> {
    /// Types, and the row types of relations.
    pub(super) fn types(&self, lookup: &Lookup) -> Option<bool> {
        let columns: (&[&str], &[&str]) = (&["typname"], &["nspname"]);
        let made =
            self.catalog.types().map(|(name, def)| Named { name, columns, kind: ("typtype", letter(def)) });
        let with_rows = |relation: &&Relation| {
            !matches!(relation.kind, RelationKind::Index | RelationKind::Sequence | RelationKind::Composite)
        };
        let relations = self.catalog.relations().map(|(_, relation)| relation).filter(with_rows);
        let rows =
            relations.map(|relation| Named { name: &relation.name, columns, kind: ("typtype", &["c"]) });
        any(made.chain(rows), lookup).filter(|there| *there || self.knows_all())
    }

    /// The labels of enums.
    pub(super) fn labels(&self, lookup: &Lookup) -> Option<bool> {
        let enums = self.catalog.types().filter_map(|(ty, def)| match def {
            TypeDef::Body(TypeBody::Enum(labels)) => Some((ty, labels)),
            _ => None,
        });
        let rows = enums.clone().flat_map(|(ty, labels)| labels.iter().map(move |label| Label { ty, label }));
        let asked = |ty: &QualifiedName| {
            let mut of_type =
                lookup.equals.iter().filter(|(column, _)| matches!(column.as_str(), "typname" | "enumtypid"));
            of_type.any(|(_, value)| names(value, ty) || ty.name == *value)
        };
        let known = enums.map(|(ty, _)| ty).any(asked);
        any(rows, lookup).filter(|there| *there || known)
    }

    /// Functions and procedures.
    pub(super) fn functions(&self, lookup: &Lookup) -> Option<bool> {
        let columns: (&[&str], &[&str]) =
            (&["proname", "routine_name"], &["nspname", "routine_schema", "specific_schema"]);
        let named = self.catalog.functions().filter(|(_, all): &(_, &[Function])| !all.is_empty());
        let rows = named.map(|(name, _)| Named {
            name,
            columns,
            kind: ("routine_type", &["FUNCTION", "PROCEDURE"]),
        });
        any(rows, lookup).filter(|there| *there || self.knows_all())
    }

    /// Triggers, less those of foreign keys.
    pub(super) fn triggers(&self, lookup: &Lookup) -> Option<bool> {
        let rows = self.catalog.relations().flat_map(|(_, table)| {
            table.triggers.iter().map(move |trigger| Attached { table, name: &trigger.name })
        });
        any(rows, lookup).filter(|there| *there || self.knows_table(lookup) || self.knows_all())
    }

    /// Policies.
    pub(super) fn policies(&self, lookup: &Lookup) -> Option<bool> {
        let rows = self
            .catalog
            .relations()
            .flat_map(|(_, table)| table.policies.iter().map(move |name| Attached { table, name }));
        any(rows, lookup).filter(|there| *there || self.knows_table(lookup) || self.knows_all())
    }

    /// Extensions that a migration made. Others may well be there.
    pub(super) fn extensions(&self, lookup: &Lookup) -> Option<bool> {
        any(self.catalog.extensions().map(Plain), lookup).filter(|there| *there)
    }

    /// Schemas.
    pub(super) fn schemas(&self, lookup: &Lookup) -> Option<bool> {
        let always = ["public", "pg_catalog", "information_schema", "pg_toast"];
        let rows = self.catalog.schemas().chain(always).map(Plain);
        any(rows, lookup).filter(|there| *there || self.knows_all())
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
