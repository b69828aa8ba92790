use super::fields::{Row, of_relation, truth, values_of};
use crate::catalog::{Column, Relation};
use crate::claim::RelationKind;
use crate::ddl::{Lookup, TypeRef};
use crate::replay::World;

/// A column, as `pg_attribute` and `information_schema.columns` show it.
struct Shown<'a> {
    relation: &'a Relation,
    column: &'a Column,
}

impl Row for Shown<'_> {
    fn is(&self, column: &str, value: &str) -> Option<bool> {
        match column {
            "attname" | "column_name" => Some(self.column.name == value),
            "attisdropped" => truth(value, false),
            "attnotnull" => self.if_complete(truth(value, self.column.not_null)),
            "is_nullable" => self.if_complete(truth(value, !self.column.not_null)),
            "is_identity" | "attidentity" => self.if_complete(truth(value, self.column.identity)),
            "atthasdef" => self.if_complete(truth(value, self.column.default.is_some())),
            "data_type" => self.column.ty.as_ref().and_then(|ty| is_type(ty, value)),
            "udt_name" => self.column.ty.as_ref().map(|ty| udt(ty) == value),
            "atttypid" => {
                self.column.ty.as_ref().map(|ty| ty.name.name == value || standard(ty) == Some(value))
            }
            "character_maximum_length" => {
                let ty = self.column.ty.as_ref()?;
                Some(ty.modifiers.first().map(ToString::to_string).as_deref() == Some(value))
            }
            _ => of_relation(self.relation, column, value),
        }
    }

    fn values(&self) -> Vec<(&'static str, String)> {
        let name = self.column.name.clone();
        let ty = self.column.ty.as_ref();
        let typed = [("udt_name", ty.map(udt)), ("data_type", ty.and_then(standard).map(ToOwned::to_owned))];
        let typed = typed.into_iter().filter_map(|(column, value)| Some((column, value?)));
        let names = [("attname", name.clone()), ("column_name", name)];
        names.into_iter().chain(typed).chain(values_of(self.relation)).collect()
    }
}

impl Shown<'_> {
    /// What is only known of a column that was seen being made.
    fn if_complete(&self, answer: Option<bool>) -> Option<bool> {
        answer.filter(|_| self.relation.complete || self.column.ty.is_some())
    }
}

impl World<'_> {
    /// Every column; of `information_schema.columns`, not those of indexes and sequences.
    pub(super) fn visit_columns(&self, lookup: &Lookup, show: &mut dyn FnMut(&dyn Row)) {
        let standard = lookup.relations.iter().any(|relation| relation == "columns");
        let has_columns = |kind| !matches!(kind, RelationKind::Index | RelationKind::Sequence);
        for (_, relation) in self.catalog.relations().filter(|(_, is)| !standard || has_columns(is.kind)) {
            for column in &relation.columns {
                show(&Shown { relation, column });
            }
        }
    }
}

/// Whether a type is what `data_type` of the information schema calls so.
fn is_type(ty: &TypeRef, value: &str) -> Option<bool> {
    let value = value.to_ascii_lowercase();
    if ty.dimensions > 0 {
        return Some(value == "array");
    }
    standard(ty).map(|name| name == value)
}

/// The name that the standard has for a type; none for a type of the schema's own, which may be a domain.
fn standard(ty: &TypeRef) -> Option<&'static str> {
    Some(match ty.name.name.as_str() {
        "int2" | "serial2" => "smallint",
        "int4" | "serial4" => "integer",
        "int8" | "serial8" => "bigint",
        "float4" => "real",
        "float8" => "double precision",
        "bool" => "boolean",
        "varchar" => "character varying",
        "bpchar" => "character",
        "varbit" => "bit varying",
        "bit" => "bit",
        "timestamp" => "timestamp without time zone",
        "timestamptz" => "timestamp with time zone",
        "time" => "time without time zone",
        "timetz" => "time with time zone",
        "text" => "text",
        "numeric" => "numeric",
        "uuid" => "uuid",
        "json" => "json",
        "jsonb" => "jsonb",
        "bytea" => "bytea",
        "date" => "date",
        "interval" => "interval",
        "inet" => "inet",
        _ => return None,
    })
}

fn udt(ty: &TypeRef) -> String {
    let name = match ty.name.name.as_str() {
        "serial2" => "int2",
        "serial4" => "int4",
        "serial8" => "int8",
        other => other,
    };
    if ty.dimensions > 0 { format!("_{name}") } else { name.to_owned() }
}
