//! From the file to the catalog.

use rustc_hash::FxHashMap;

use super::{CatalogError, text, wire};
use crate::catalog::{
    Catalog, Column, Constraint, ConstraintId, ConstraintKind, DefaultValue, Function, IndexInfo,
};
use crate::catalog::{Relation, RelationId, Trigger, TypeDef};
use crate::ddl::{Body, Ddl, Expr, Language, OnDelete, PartitionKind, Persistence, Timing, TriggerEvent};
use crate::ddl::{TypeBody, Volatility};

type Read<T> = Result<T, CatalogError>;

pub(super) fn read(file: &wire::File) -> Read<Catalog> {
    let mut catalog = Catalog::new();
    catalog.schemas.extend(file.schemas.iter().map(|name| (name.clone(), true)));
    catalog.extensions.extend(file.extensions.iter().map(|one| (one.name.clone(), one.schema.clone())));
    for ty in &file.types {
        let name = text::read_name(&ty.name)?;
        if catalog.types.contains_key(&name) {
            return Err(CatalogError::Twice(ty.name.clone()));
        }
        catalog.put_type(name, type_def(ty)?);
    }
    for function in &file.functions {
        catalog.put_function(text::read_name(&function.name)?, read_function(function)?);
    }
    let reader = Reader::new(&file.relations, &mut catalog)?;
    for (number, relation) in file.relations.iter().enumerate() {
        let relation = reader.relation(number, relation)?;
        catalog.create(relation);
    }
    catalog.name_constraints();
    catalog.whole = true;
    Ok(catalog)
}

fn type_def(ty: &wire::Type) -> Read<TypeDef> {
    let over = ty.over.as_deref().map(text::read_type).transpose()?;
    Ok(match ty.kind {
        wire::TypeKind::Base => TypeDef::Body(TypeBody::Base),
        wire::TypeKind::Enum => TypeDef::Body(TypeBody::Enum(ty.labels.clone())),
        wire::TypeKind::Range => TypeDef::Body(TypeBody::Range(over)),
        wire::TypeKind::Domain => TypeDef::Domain {
            base: over
                .ok_or_else(|| CatalogError::Malformed(format!("domain {} has no key `over`", ty.name)))?,
            constrained: ty.not_null || !ty.constraints.is_empty(),
            constraints: ty.constraints.iter().map(|one| (one.name.clone(), one.valid)).collect(),
            not_null: ty.not_null,
            default: ty.default.as_deref().map(expression).map(Box::new),
        },
    })
}

fn read_function(function: &wire::Function) -> Read<Function> {
    Ok(Function {
        arguments: function.arguments.iter().map(|ty| text::read_type(ty)).collect::<Read<_>>()?,
        argument_names: function.argument_names.clone(),
        returns: function.returns.as_deref().map(text::read_type).transpose()?,
        volatility: match function.volatility {
            wire::Volatility::Immutable => Volatility::Immutable,
            wire::Volatility::Stable => Volatility::Stable,
            wire::Volatility::Volatile => Volatility::Volatile,
        },
        language: match function.language.as_str() {
            "sql" => Language::Sql,
            "plpgsql" => Language::Plpgsql,
            other => Language::Other(other.to_owned()),
        },
        body: function.source.as_deref().and_then(|source| body(&function.language, source)),
    })
}

/// A body as the frontend reads it. Its spans are those of its own text.
fn body(language: &str, source: &str) -> Option<Body> {
    let tags = (0_u32..).map(|n| format!("$body{n}$"));
    let tag = tags.into_iter().find(|tag| !source.contains(tag.as_str()))?;
    let sql = format!("CREATE FUNCTION f() RETURNS void LANGUAGE {language} AS {tag}{source}{tag}");
    match crate::frontend::statements(&sql).into_iter().next().map(|statement| statement.ddl) {
        Some(Ddl::CreateFunction(create)) => create.body,
        _ => None,
    }
}

/// An expression as the frontend reads it.
fn expression(sql: &str) -> Expr {
    let statements = crate::frontend::statements(&format!("SELECT {sql}"));
    let only = match statements.into_iter().next().map(|statement| statement.ddl) {
        Some(Ddl::Query(query)) => query.only,
        _ => None,
    };
    Expr { text: sql.to_owned(), ..only.map(|expr| *expr).unwrap_or_default() }
}

/// Reads relations, which name one another.
struct Reader<'a> {
    relations: &'a [wire::Relation],
    ids: FxHashMap<&'a str, RelationId>,
    constraints: FxHashMap<(&'a str, &'a str), ConstraintId>,
    indexes: FxHashMap<RelationId, Vec<RelationId>>,
    children: FxHashMap<RelationId, Vec<RelationId>>,
}

impl<'a> Reader<'a> {
    fn new(relations: &'a [wire::Relation], catalog: &mut Catalog) -> Read<Self> {
        let mut reader = Self {
            relations,
            ids: FxHashMap::default(),
            constraints: FxHashMap::default(),
            indexes: FxHashMap::default(),
            children: FxHashMap::default(),
        };
        for (id, relation) in (0..).map(RelationId).zip(relations) {
            if reader.ids.insert(&relation.name, id).is_some() {
                return Err(CatalogError::Twice(relation.name.clone()));
            }
            for constraint in &relation.constraints {
                let key = (relation.name.as_str(), constraint.name.as_str());
                if reader.constraints.insert(key, catalog.next_constraint()).is_some() {
                    return Err(CatalogError::Twice(format!("{} of {}", constraint.name, relation.name)));
                }
            }
        }
        reader.turn_around()?;
        Ok(reader)
    }

    /// A table is said to have the indexes and children that say they are its.
    fn turn_around(&mut self) -> Read<()> {
        for (id, relation) in (0..).map(RelationId).zip(self.relations) {
            if let Some(index) = &relation.index {
                self.indexes.entry(self.id(&index.table, &relation.name)?).or_default().push(id);
            }
            for parent in relation.partition_of.iter().chain(&relation.inherits) {
                self.children.entry(self.id(parent, &relation.name)?).or_default().push(id);
            }
        }
        Ok(())
    }

    fn id(&self, name: &str, who: &str) -> Read<RelationId> {
        let missing = || CatalogError::Missing { who: who.to_owned(), what: name.to_owned() };
        self.ids.get(name).copied().ok_or_else(missing)
    }

    fn ids(&self, names: &[String], who: &str) -> Read<Vec<RelationId>> {
        names.iter().map(|name| self.id(name, who)).collect()
    }

    fn maybe(&self, name: Option<&String>, who: &str) -> Read<Option<RelationId>> {
        name.map(|name| self.id(name, who)).transpose()
    }

    fn relation(&self, number: usize, relation: &wire::Relation) -> Read<Relation> {
        let who = relation.name.as_str();
        let id = RelationId(u32::try_from(number).unwrap_or(u32::MAX));
        Ok(Relation {
            name: text::read_name(who)?,
            kind: relation.kind,
            born: None,
            persistence: match relation.persistence {
                wire::Persistence::Permanent => Persistence::Permanent,
                wire::Persistence::Unlogged => Persistence::Unlogged,
            },
            columns: relation.columns.iter().map(|column| self.column(column, who)).collect::<Read<_>>()?,
            complete: !relation.incomplete,
            constraints: relation
                .constraints
                .iter()
                .map(|one| self.constraint(relation, one))
                .collect::<Read<_>>()?,
            indexes: self.indexes.get(&id).cloned().unwrap_or_default(),
            triggers: relation.triggers.iter().map(trigger).collect::<Read<_>>()?,
            policies: relation.policies.clone(),
            rules: relation.rules.clone(),
            row_security: relation.row_security,
            partition_by: relation
                .partition_by
                .as_ref()
                .map(|by| PartitionKind { method: by.method.clone(), columns: by.columns.clone() }),
            partition_of: self.maybe(relation.partition_of.as_ref(), who)?,
            default_partition: relation.default_partition,
            inherits: self.ids(&relation.inherits, who)?,
            children: self.children.get(&id).cloned().unwrap_or_default(),
            made_of: Vec::new(),
            reads: self.ids(&relation.reads, who)?,
            index: relation.index.as_ref().map(|index| self.index(index, who)).transpose()?,
            owned_by: match &relation.owned_by {
                Some(owner) => Some((self.id(&owner.table, who)?, owner.column.clone())),
                None => None,
            },
            of_identity: relation.of_identity,
            of_type: relation.of_type.as_deref().map(text::read_name).transpose()?,
            guessed: false,
            written: true,
        })
    }

    fn column(&self, column: &wire::Column, who: &str) -> Read<Column> {
        Ok(Column {
            name: column.name.clone(),
            ty: column.ty.as_deref().map(text::read_type).transpose()?,
            collation: column.collation.as_deref().map(text::read_object_name).transpose()?,
            not_null: column.not_null,
            default: match &column.default {
                Some(sql) => Some(DefaultValue {
                    text: sql.clone(),
                    calls: expression(sql).calls.into_iter().map(|call| call.name).collect(),
                    null: false,
                    sequences: self.ids(&column.sequences, who)?,
                }),
                None => None,
            },
            born: None,
            identity: column.identity,
            generated: column.generated.map(|generated| generated == wire::Generated::Stored),
            inherited: column.inherited,
            local: column.local,
            made_of: column.made_of.clone(),
        })
    }

    fn constraint(&self, relation: &wire::Relation, constraint: &wire::Constraint) -> Read<Constraint> {
        let id = self.constraints.get(&(relation.name.as_str(), constraint.name.as_str())).copied();
        Ok(Constraint {
            id: id.unwrap_or_default(),
            name: constraint.name.clone(),
            kind: self.constraint_kind(constraint, &relation.name)?,
            valid: constraint.valid,
            enforced: constraint.enforced,
            inherited: constraint.inherited,
            local: constraint.local,
            no_inherit: constraint.no_inherit,
            part_of: match &constraint.part_of {
                Some(whole) => Some(self.whole(relation, whole)?),
                None => None,
            },
        })
    }

    /// The constraint of the partitioned table.
    fn whole(&self, relation: &wire::Relation, name: &str) -> Read<ConstraintId> {
        let missing = || CatalogError::Missing { who: relation.name.clone(), what: name.to_owned() };
        let table = relation.partition_of.as_deref().ok_or_else(missing)?;
        self.constraints.get(&(table, name)).copied().ok_or_else(missing)
    }

    fn constraint_kind(&self, constraint: &wire::Constraint, who: &str) -> Read<ConstraintKind> {
        let columns = constraint.columns.clone();
        let index = self.maybe(constraint.index.as_ref(), who)?;
        Ok(match constraint.kind {
            wire::ConstraintKind::PrimaryKey => ConstraintKind::Primary { columns, index },
            wire::ConstraintKind::Unique => ConstraintKind::Unique { columns, index },
            wire::ConstraintKind::Exclude => ConstraintKind::Exclude { columns, index },
            wire::ConstraintKind::ForeignKey => {
                let references = self.maybe(constraint.references.as_ref(), who)?;
                let missing = || {
                    CatalogError::Malformed(format!(
                        "foreign key {} of {who} references nothing",
                        constraint.name
                    ))
                };
                ConstraintKind::Foreign {
                    columns,
                    references: references.ok_or_else(missing)?,
                    referenced: constraint.referenced.clone(),
                    on_delete: action(constraint.on_delete),
                    on_update: action(constraint.on_update),
                    index,
                }
            }
            wire::ConstraintKind::Check => {
                let sql = constraint.text.clone().unwrap_or_default();
                let expr = expression(&sql);
                ConstraintKind::Check { text: sql, columns, not_null: expr.not_null }
            }
            wire::ConstraintKind::NotNull => {
                ConstraintKind::NotNull { column: columns.into_iter().next().unwrap_or_default() }
            }
        })
    }

    fn index(&self, index: &wire::Index, who: &str) -> Read<IndexInfo> {
        let texts = index.expressions.iter().chain(&index.predicate);
        let mut mentions: Vec<_> = texts.flat_map(|sql| expression(sql).columns).collect();
        mentions.sort_unstable();
        mentions.dedup();
        Ok(IndexInfo {
            table: self.id(&index.table, who)?,
            unique: index.unique,
            primary: index.primary,
            constraint: index.constraint,
            columns: index.columns.clone(),
            labels: index.labels.clone(),
            include: index.include.clone(),
            expressions: index.expressions.clone(),
            predicate: index.predicate.clone(),
            special: index.special.clone(),
            mentions,
            partial: index.predicate.is_some(),
            method: index.method.clone(),
            valid: index.valid,
            part_of: self.maybe(index.part_of.as_ref(), who)?,
        })
    }
}

fn action(action: wire::OnDelete) -> OnDelete {
    match action {
        wire::OnDelete::NoAction => OnDelete::NoAction,
        wire::OnDelete::Restrict => OnDelete::Restrict,
        wire::OnDelete::Cascade => OnDelete::Cascade,
        wire::OnDelete::SetNull => OnDelete::SetNull,
        wire::OnDelete::SetDefault => OnDelete::SetDefault,
    }
}

fn trigger(trigger: &wire::Trigger) -> Read<Trigger> {
    Ok(Trigger {
        name: trigger.name.clone(),
        function: text::read_object_name(&trigger.function)?,
        events: trigger.events.iter().copied().map(event).collect(),
        each_row: trigger.each_row,
        timing: match trigger.timing {
            wire::Timing::Before => Timing::Before,
            wire::Timing::After => Timing::After,
            wire::Timing::InsteadOf => Timing::InsteadOf,
        },
        enabled: trigger.enabled,
        columns: trigger.columns.clone(),
        inherited: trigger.inherited,
    })
}

fn event(event: wire::Event) -> TriggerEvent {
    match event {
        wire::Event::Insert => TriggerEvent::Insert,
        wire::Event::Update => TriggerEvent::Update,
        wire::Event::Delete => TriggerEvent::Delete,
        wire::Event::Truncate => TriggerEvent::Truncate,
    }
}
