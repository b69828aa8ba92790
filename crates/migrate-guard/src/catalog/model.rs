use std::collections::BTreeMap;

use rustc_hash::FxHashMap;

use super::edit::Log;
use super::links::Node;
use super::naming::Numbering;
use super::relation::Relation;
use crate::claim::RelationKind;
use crate::ddl::{Body, Expr, Language, TypeBody, TypeRef, Volatility};
use crate::{ObjectName, QualifiedName};

/// The place of a relation in a [`Catalog`]; it stays what it is when the relation is renamed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RelationId(pub u32);

/// What a [`Constraint`](super::Constraint) is known by; it stays what it is when the constraint is renamed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ConstraintId(pub u32);

/// The schema as the migrations so far have made it.
#[derive(Clone, Debug, Default)]
pub struct Catalog {
    pub(super) relations: Vec<Option<Relation>>,
    pub(super) names: FxHashMap<QualifiedName, RelationId>,
    pub(super) types: FxHashMap<QualifiedName, TypeDef>,
    pub(super) functions: FxHashMap<QualifiedName, Vec<Function>>,
    /// The schemas that migrations made, and whether they are still there.
    pub(super) schemas: FxHashMap<String, bool>,
    /// The extensions, and the schema each was asked to be in.
    pub(super) extensions: FxHashMap<String, Option<String>>,
    /// The names of relations that were dropped or renamed away, and are not taken again; what they were.
    pub(super) dropped: FxHashMap<QualifiedName, RelationKind>,
    /// How often each name is a constraint's in its schema.
    pub(super) constraint_names: FxHashMap<QualifiedName, usize>,
    /// Who rests on what, as often as it does: the second on the first.
    pub(super) links: BTreeMap<(Node, Node), usize>,
    pub(super) constraints_made: u32,
    /// Whether all that was there before the first migration is known: what is not here is not there.
    pub(super) whole: bool,
    pub(super) numbering: Numbering,
    pub(super) log: Log,
}

/// What the catalog knows of a name.
#[derive(Clone, Copy, Debug)]
pub enum Found<'a> {
    /// The relation.
    Here(RelationId, &'a Relation),
    /// It is not there: the migrations dropped or renamed it, or it is not in the catalog of a database that is known as a
    /// whole.
    Gone,
    /// No migration speaks of it: it may well be there.
    Unknown,
}

/// A type.
#[derive(Clone, Debug)]
pub enum TypeDef {
    /// An enum, a composite type, a range, a base type.
    Body(TypeBody),
    /// A domain.
    Domain {
        /// Over which type.
        base: TypeRef,
        /// Whether it asks anything of a value: `NOT NULL` or a check.
        constrained: bool,
        /// Its constraints: the name, and whether it is proven.
        constraints: Vec<(String, bool)>,
        /// Whether a value may be null.
        not_null: bool,
        /// Its default.
        default: Option<Box<Expr>>,
    },
}

/// A function.
#[derive(Clone, Debug)]
pub struct Function {
    /// The types of its arguments.
    pub arguments: Vec<TypeRef>,
    /// The names of its arguments.
    pub argument_names: Vec<String>,
    /// What it returns.
    pub returns: Option<TypeRef>,
    /// How its result may change.
    pub volatility: Volatility,
    /// In which language.
    pub language: Language,
    /// Its body, if that can be read.
    pub body: Option<Body>,
}

/// The schema of temporary relations, as a statement may call it.
pub(super) const TEMPORARY: &str = "pg_temp";

/// Where a name without a schema is looked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SearchPath(pub Vec<String>);

impl Default for SearchPath {
    /// `public`: what a session has unless it says otherwise, for a role without a schema of its name.
    fn default() -> Self {
        Self(vec!["public".to_owned()])
    }
}

impl SearchPath {
    /// Where a new object without a schema is made.
    pub fn first(&self) -> &str {
        self.0.first().map_or("public", String::as_str)
    }
}

impl Catalog {
    /// A schema in which nothing is known to be. What statements speak of as if it were there is taken to be.
    pub fn new() -> Self {
        Self::default()
    }

    /// What is known of a relation.
    pub fn find(&self, name: &ObjectName, path: &SearchPath) -> Found<'_> {
        let full = self.qualify(name, path);
        match self.id(&full) {
            Some((id, relation)) => Found::Here(id, relation),
            None if self.whole || self.dropped.contains_key(&full) => Found::Gone,
            None => Found::Unknown,
        }
    }

    /// The full name of a relation: the first of the path that has it, else the first of the path.
    ///
    /// A temporary one is found before any other.
    pub fn qualify(&self, name: &ObjectName, path: &SearchPath) -> QualifiedName {
        if name.schema.is_some() {
            return name.or_in("");
        }
        let schemas = std::iter::once(TEMPORARY).chain(path.0.iter().map(String::as_str));
        let mut places = schemas.map(|schema| name.or_in(schema));
        places.find(|full| self.names.contains_key(full)).unwrap_or_else(|| name.or_in(path.first()))
    }

    /// The relation of that full name.
    pub fn id(&self, name: &QualifiedName) -> Option<(RelationId, &Relation)> {
        let id = *self.names.get(name)?;
        Some((id, self.get(id)?))
    }

    /// The relation at that place, unless it is dropped.
    pub fn get(&self, id: RelationId) -> Option<&Relation> {
        self.relations.get(id.0 as usize)?.as_ref()
    }

    /// Every relation, in the order they were made.
    pub fn relations(&self) -> impl Iterator<Item = (RelationId, &Relation)> {
        let numbered = (0..).map(RelationId).zip(&self.relations);
        numbered.filter_map(|(id, relation)| Some((id, relation.as_ref()?)))
    }

    /// The type of that name, if a migration made it.
    pub fn type_named(&self, name: &ObjectName, path: &SearchPath) -> Option<&TypeDef> {
        let full = lookup(&self.types, name, path)?;
        self.types.get(&full)
    }

    /// The functions of that name that migrations made.
    pub fn functions_named(&self, name: &ObjectName, path: &SearchPath) -> &[Function] {
        let full = lookup(&self.functions, name, path);
        full.and_then(|full| self.functions.get(&full)).map_or(&[], Vec::as_slice)
    }

    /// Whether a migration made that extension, or it is always there.
    pub fn has_extension(&self, name: &str) -> bool {
        name == "plpgsql" || self.extensions.contains_key(name)
    }

    /// Whether a migration made that schema, or it is always there.
    pub fn has_schema(&self, name: &str) -> bool {
        name == "public" || self.schemas.get(name).copied().unwrap_or_default()
    }
}

/// Of `of`, the full name of what `name` stands for.
pub(super) fn lookup<T>(
    of: &FxHashMap<QualifiedName, T>,
    name: &ObjectName,
    path: &SearchPath,
) -> Option<QualifiedName> {
    let known = |full: QualifiedName| of.contains_key(&full).then_some(full);
    match &name.schema {
        Some(_) => known(name.or_in("")),
        None => path.0.iter().find_map(|schema| known(name.or_in(schema))),
    }
}
