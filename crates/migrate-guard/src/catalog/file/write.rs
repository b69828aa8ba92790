//! From the catalog to the file.

use super::{FORMAT, text, wire};
use crate::QualifiedName;
use crate::catalog::{
    Catalog, Column, Constraint, ConstraintId, ConstraintKind, Function, IndexInfo, Relation,
};
use crate::catalog::{RelationId, Trigger, TypeDef};
use crate::ddl::{Language, OnDelete, Persistence, Timing, TriggerEvent, TypeBody, Volatility};

pub(super) fn write(catalog: &Catalog) -> wire::File {
    let lasting = catalog.relations().filter(|(_, relation)| relation.persistence != Persistence::Temporary);
    wire::File {
        format: FORMAT.to_owned(),
        server: 0,
        schemas: schemas(catalog),
        extensions: extensions(catalog),
        types: types(catalog),
        functions: functions(catalog),
        relations: lasting.map(|(_, one)| Writer { catalog }.relation(one)).collect(),
    }
}

fn schemas(catalog: &Catalog) -> Vec<String> {
    let there = catalog.schemas.iter().filter(|(_, there)| **there).map(|(name, _)| name.clone());
    let mut schemas: Vec<_> = there.chain(["public".to_owned()]).collect();
    schemas.sort_unstable();
    schemas.dedup();
    schemas
}

fn extensions(catalog: &Catalog) -> Vec<wire::Extension> {
    let extension = |(name, schema): (&String, &Option<String>)| wire::Extension {
        name: name.clone(),
        schema: schema.clone(),
    };
    let mut extensions: Vec<_> = catalog.extensions.iter().map(extension).collect();
    extensions.sort_unstable_by(|a, b| a.name.cmp(&b.name));
    extensions
}

fn types(catalog: &Catalog) -> Vec<wire::Type> {
    let mut types: Vec<_> = catalog.types.iter().map(|(name, ty)| type_def(name, ty)).collect();
    types.sort_unstable_by(|a, b| a.name.cmp(&b.name));
    types
}

fn type_def(name: &QualifiedName, ty: &TypeDef) -> wire::Type {
    let mut wire = wire::Type { name: text::name(name), ..wire::Type::default() };
    match ty {
        TypeDef::Body(TypeBody::Enum(labels)) => {
            wire.kind = wire::TypeKind::Enum;
            wire.labels.clone_from(labels);
        }
        TypeDef::Body(TypeBody::Range(over)) => {
            wire.kind = wire::TypeKind::Range;
            wire.over = over.as_ref().map(text::ty);
        }
        TypeDef::Body(_) => {}
        TypeDef::Domain { base, constraints, not_null, default, .. } => {
            wire.kind = wire::TypeKind::Domain;
            wire.over = Some(text::ty(base));
            wire.not_null = *not_null;
            wire.default = default.as_ref().map(|expr| expr.text.clone());
            let constraint =
                |(name, valid): &(String, bool)| wire::DomainConstraint { name: name.clone(), valid: *valid };
            wire.constraints = constraints.iter().map(constraint).collect();
        }
    }
    wire
}

fn functions(catalog: &Catalog) -> Vec<wire::Function> {
    let all = catalog.functions.iter().flat_map(|(name, all)| all.iter().map(move |one| function(name, one)));
    let mut functions: Vec<_> = all.collect();
    functions.sort_unstable_by(|a, b| (&a.name, &a.arguments).cmp(&(&b.name, &b.arguments)));
    functions
}

fn function(name: &QualifiedName, function: &Function) -> wire::Function {
    wire::Function {
        name: text::name(name),
        extension: None,
        arguments: function.arguments.iter().map(text::ty).collect(),
        argument_names: function.argument_names.clone(),
        returns: function.returns.as_ref().map(text::ty),
        volatility: match function.volatility {
            Volatility::Immutable => wire::Volatility::Immutable,
            Volatility::Stable => wire::Volatility::Stable,
            Volatility::Volatile => wire::Volatility::Volatile,
        },
        language: match &function.language {
            Language::Sql => "sql".to_owned(),
            Language::Plpgsql => "plpgsql".to_owned(),
            Language::Other(name) => name.clone(),
        },
        source: None,
    }
}

/// Writes relations, which name one another.
struct Writer<'a> {
    catalog: &'a Catalog,
}

impl Writer<'_> {
    fn relation(&self, relation: &Relation) -> wire::Relation {
        wire::Relation {
            name: text::name(&relation.name),
            kind: relation.kind,
            persistence: persistence(relation.persistence),
            extension: None,
            incomplete: !relation.complete,
            columns: relation.columns.iter().map(|column| self.column(column)).collect(),
            constraints: relation.constraints.iter().map(|one| self.constraint(relation, one)).collect(),
            index: relation.index.as_ref().map(|index| self.index(index)),
            triggers: relation.triggers.iter().map(trigger).collect(),
            policies: relation.policies.clone(),
            rules: relation.rules.clone(),
            row_security: relation.row_security,
            partition_by: relation
                .partition_by
                .as_ref()
                .map(|by| wire::PartitionBy { method: by.method.clone(), columns: by.columns.clone() }),
            partition_of: relation.partition_of.map(|id| self.name(id)),
            default_partition: relation.default_partition,
            inherits: relation.inherits.iter().map(|id| self.name(*id)).collect(),
            reads: relation.reads.iter().map(|id| self.name(*id)).collect(),
            owned_by: relation
                .owned_by
                .as_ref()
                .map(|(table, column)| wire::Owner { table: self.name(*table), column: column.clone() }),
            of_identity: relation.of_identity,
            of_type: relation.of_type.as_ref().map(text::name),
        }
    }

    fn name(&self, id: RelationId) -> String {
        text::name(&self.catalog.at(id).name)
    }

    fn column(&self, column: &Column) -> wire::Column {
        let default = column.default.as_ref();
        let sequences = default.iter().flat_map(|default| &default.sequences);
        wire::Column {
            name: column.name.clone(),
            ty: column.ty.as_ref().map(text::ty),
            collation: column.collation.as_ref().map(text::object_name),
            not_null: column.not_null,
            default: default.map(|default| default.text.clone()),
            sequences: sequences.map(|id| self.name(*id)).collect(),
            identity: column.identity,
            generated: column
                .generated
                .map(|stored| if stored { wire::Generated::Stored } else { wire::Generated::Virtual }),
            made_of: column.made_of.clone(),
            inherited: column.inherited,
            local: column.local,
        }
    }

    fn constraint(&self, relation: &Relation, constraint: &Constraint) -> wire::Constraint {
        let mut wire = self.bare_constraint(&constraint.kind);
        wire.name.clone_from(&constraint.name);
        wire.valid = constraint.valid;
        wire.enforced = constraint.enforced;
        wire.inherited = constraint.inherited;
        wire.local = constraint.local;
        wire.no_inherit = constraint.no_inherit;
        wire.part_of = constraint.part_of.and_then(|id| self.constraint_name(relation, id));
        wire
    }

    fn constraint_name(&self, relation: &Relation, id: ConstraintId) -> Option<String> {
        let whole = self.catalog.get(relation.partition_of?)?;
        whole.constraints.iter().find(|one| one.id == id).map(|one| one.name.clone())
    }

    fn bare_constraint(&self, kind: &ConstraintKind) -> wire::Constraint {
        let mut wire = wire::Constraint::default();
        match kind {
            ConstraintKind::Primary { columns, index } => {
                self.key(&mut wire, wire::ConstraintKind::PrimaryKey, columns, *index);
            }
            ConstraintKind::Unique { columns, index } => {
                self.key(&mut wire, wire::ConstraintKind::Unique, columns, *index);
            }
            ConstraintKind::Exclude { columns, index } => {
                self.key(&mut wire, wire::ConstraintKind::Exclude, columns, *index);
            }
            ConstraintKind::Foreign { columns, references, referenced, on_delete, on_update, index } => {
                self.key(&mut wire, wire::ConstraintKind::ForeignKey, columns, *index);
                wire.references = Some(self.name(*references));
                wire.referenced.clone_from(referenced);
                wire.on_delete = action(*on_delete);
                wire.on_update = action(*on_update);
            }
            ConstraintKind::Check { text, columns, .. } => {
                wire.columns.clone_from(columns);
                wire.text = Some(text.clone());
            }
            ConstraintKind::NotNull { column } => {
                wire.kind = wire::ConstraintKind::NotNull;
                wire.columns = vec![column.clone()];
            }
        }
        wire
    }

    fn key(
        &self,
        wire: &mut wire::Constraint,
        kind: wire::ConstraintKind,
        columns: &[String],
        index: Option<RelationId>,
    ) {
        wire.kind = kind;
        wire.columns = columns.to_vec();
        wire.index = index.map(|id| self.name(id));
    }

    fn index(&self, index: &IndexInfo) -> wire::Index {
        wire::Index {
            table: self.name(index.table),
            unique: index.unique,
            primary: index.primary,
            constraint: index.constraint,
            method: index.method.clone(),
            columns: index.columns.clone(),
            include: index.include.clone(),
            labels: index.labels.clone(),
            expressions: index.expressions.clone(),
            predicate: index.predicate.clone(),
            special: index.special.clone(),
            valid: index.valid,
            part_of: index.part_of.map(|id| self.name(id)),
        }
    }
}

fn persistence(persistence: Persistence) -> wire::Persistence {
    match persistence {
        Persistence::Unlogged => wire::Persistence::Unlogged,
        Persistence::Permanent | Persistence::Temporary => wire::Persistence::Permanent,
    }
}

fn action(action: OnDelete) -> wire::OnDelete {
    match action {
        OnDelete::NoAction => wire::OnDelete::NoAction,
        OnDelete::Restrict => wire::OnDelete::Restrict,
        OnDelete::Cascade => wire::OnDelete::Cascade,
        OnDelete::SetNull => wire::OnDelete::SetNull,
        OnDelete::SetDefault => wire::OnDelete::SetDefault,
    }
}

fn trigger(trigger: &Trigger) -> wire::Trigger {
    let mut events: Vec<_> = trigger.events.iter().copied().map(event).collect();
    events.sort_unstable();
    wire::Trigger {
        name: trigger.name.clone(),
        function: text::object_name(&trigger.function),
        events,
        timing: match trigger.timing {
            Timing::Before => wire::Timing::Before,
            Timing::After => wire::Timing::After,
            Timing::InsteadOf => wire::Timing::InsteadOf,
        },
        each_row: trigger.each_row,
        enabled: trigger.enabled,
        columns: trigger.columns.clone(),
        inherited: trigger.inherited,
    }
}

fn event(event: TriggerEvent) -> wire::Event {
    match event {
        TriggerEvent::Insert => wire::Event::Insert,
        TriggerEvent::Update => wire::Event::Update,
        TriggerEvent::Delete => wire::Event::Delete,
        TriggerEvent::Truncate => wire::Event::Truncate,
    }
}
