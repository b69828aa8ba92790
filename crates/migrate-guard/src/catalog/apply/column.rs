//! A column as the catalog has it, made of one as a statement says it.

use super::{At, Attempt, Refused};
use crate::catalog::model::lookup;
use crate::catalog::naming::Naming;
use crate::catalog::{Catalog, Column, DefaultValue, Found, Relation, RelationId, builtin};
use crate::claim::RelationKind;
use crate::ddl::{self, Call, Expr, TypeRef, Value};
use crate::{ObjectName, QualifiedName};

impl Catalog {
    /// The column that `def` makes in the table `name`, its sequence made too; which sequence that is.
    pub(super) fn new_column(
        &mut self,
        name: &QualifiedName,
        def: &ddl::Column,
        at: At<'_>,
    ) -> Attempt<(Column, Option<RelationId>)> {
        let serial = def.ty.as_ref().is_some_and(TypeRef::is_serial);
        let sequence =
            (serial || def.identity).then(|| self.column_sequence(name, &def.name, def.identity, at));
        let mut column = Column {
            name: def.name.clone(),
            ty: def.ty.as_ref().map(|ty| self.known_type(ty, at)),
            collation: def.collation.as_ref().and_then(known_collation),
            not_null: def.not_null.is_some() || serial || def.identity,
            default: def.default.as_ref().and_then(|expr| self.default(expr, at)),
            identity: def.identity,
            generated: def.generated.as_ref().map(|generated| generated.stored),
            local: true,
            born: Some(at.file),
            ..Column::default()
        };
        if let Some(generated) = &def.generated {
            column.made_of.clone_from(&generated.expr.columns);
        }
        if serial && def.default.is_some() || def.identity && (serial || def.default.is_some()) {
            return Err(Refused("multiple default values specified for column"));
        }
        if let Some(id) = sequence.filter(|_| serial) {
            column.default = Some(self.next_value(id));
        }
        Ok((column, sequence))
    }

    /// The sequence of a serial or identity column, which is not owned yet.
    pub(super) fn column_sequence(
        &mut self,
        table: &QualifiedName,
        column: &str,
        of_identity: bool,
        at: At<'_>,
    ) -> RelationId {
        let name = self.choose_name(&table.schema, (&table.name, column, "seq"), Naming::Relation);
        let sequence = Relation {
            name: QualifiedName::new(&table.schema, name),
            kind: RelationKind::Sequence,
            born: Some(at.file),
            complete: true,
            of_identity,
            ..Relation::default()
        };
        self.create(sequence)
    }

    /// The default of a serial column.
    fn next_value(&self, sequence: RelationId) -> DefaultValue {
        let name = &self.at(sequence).name;
        DefaultValue {
            text: format!("nextval('{name}'::regclass)"),
            calls: vec![ObjectName::bare("nextval")],
            null: false,
            sequences: vec![sequence],
        }
    }

    /// The default that an expression is; `NULL` is none.
    pub(super) fn default(&self, expr: &Expr, at: At<'_>) -> Option<DefaultValue> {
        if expr.is_null() {
            return None;
        }
        let mut sequences: Vec<_> = expr.calls.iter().filter_map(|call| self.drawn_from(call, at)).collect();
        sequences.dedup();
        Some(DefaultValue {
            text: expr.text.clone(),
            calls: expr.calls.iter().map(|call| self.known_function(&call.name, at)).collect(),
            null: false,
            sequences,
        })
    }

    /// The sequence of `nextval('…')`.
    fn drawn_from(&self, call: &Call, at: At<'_>) -> Option<RelationId> {
        let (true, Some(Value::Constant(name))) = (call.name.name == "nextval", call.arguments.first())
        else {
            return None;
        };
        match self.find(&ObjectName::parse(name), at.path) {
            Found::Here(id, relation) if relation.kind == RelationKind::Sequence => Some(id),
            _ => None,
        }
    }

    /// The type by its full name, if a migration made it; PostgreSQL's own types have no schema.
    pub(super) fn known_type(&self, ty: &TypeRef, at: At<'_>) -> TypeRef {
        let mut ty = ty.clone();
        if ty.is_serial() {
            ty.name.name = ty.name.name.replace("serial", "int");
        } else if ty.name.schema.as_deref() == Some("pg_catalog") {
            ty.name.schema = None;
        } else if ty.name.schema.is_none() && !builtin::is_type(&ty.name.name) {
            ty.name = self.type_name(&ty.name, at).unwrap_or(ty.name);
        }
        ty
    }

    /// The full name of a type that a migration made, the row type of a relation too.
    fn type_name(&self, name: &ObjectName, at: At<'_>) -> Option<ObjectName> {
        let row = || self.id(&self.qualify(name, at.path)).map(|(_, relation)| relation.name.clone());
        let full = lookup(&self.types, name, at.path).or_else(row)?;
        Some(ObjectName::within(full.schema, full.name))
    }

    /// The function by its full name, if a migration made it.
    pub(super) fn known_function(&self, name: &ObjectName, at: At<'_>) -> ObjectName {
        let full = lookup(&self.functions, name, at.path);
        full.map_or_else(|| name.clone(), |full| ObjectName::within(full.schema, full.name))
    }
}

/// A collation by the name the catalog has for it; the type's own is none.
pub(super) fn known_collation(name: &ObjectName) -> Option<ObjectName> {
    let own = name.schema.as_deref().is_none_or(|schema| schema == "pg_catalog");
    let name = if own { ObjectName::bare(&name.name) } else { name.clone() };
    (name.schema.is_some() || name.name != "default").then_some(name)
}

impl ObjectName {
    /// A name as it stands in a string that is cast to `regclass`: `public."User_id_seq"`.
    fn parse(text: &str) -> Self {
        let mut parts = vec![String::new()];
        let mut quoted = false;
        for c in text.chars() {
            match c {
                '"' => quoted = !quoted,
                '.' if !quoted => parts.push(String::new()),
                _ => parts
                    .last_mut()
                    .into_iter()
                    .for_each(|part| if quoted { part.push(c) } else { part.extend(c.to_lowercase()) }),
            }
        }
        let name = parts.pop().unwrap_or_default();
        Self { schema: parts.pop(), name }
    }
}
