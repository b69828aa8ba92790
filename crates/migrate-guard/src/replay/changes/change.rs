use crate::catalog::{Found, Relation, RelationId};
use crate::claim::{Change, ChangeKind, RelationKind};
use crate::replay::World;
use crate::{Age, Evidence, ObjectName, QualifiedName, Span};

/// A relation that is changed: known, or only spoken of.
#[derive(Clone, Debug)]
pub(super) struct Subject<'a> {
    pub(super) name: QualifiedName,
    pub(super) age: Age,
    pub(super) known: Option<(RelationId, &'a Relation)>,
}

impl<'a> Subject<'a> {
    /// What a name means; none if it is gone.
    pub(super) fn find(world: &'a World<'_>, name: &ObjectName) -> Option<Self> {
        match world.catalog.find(name, &world.path) {
            Found::Here(id, _) => Self::of(world, id),
            Found::Gone => None,
            Found::Unknown => {
                Some(Self { name: world.catalog.qualify(name, &world.path), age: Age::Old, known: None })
            }
        }
    }

    /// A relation that the catalog has.
    pub(super) fn of(world: &'a World<'_>, id: RelationId) -> Option<Self> {
        let relation = world.catalog.get(id)?;
        Some(Self { name: relation.name.clone(), age: world.age(relation), known: Some((id, relation)) })
    }

    /// Whether it is a table, as far as is known: code names its columns in what it writes.
    pub(super) fn is_table(&self) -> bool {
        let kind = self.known.map(|(_, relation)| relation.kind).unwrap_or_default();
        matches!(kind, RelationKind::Table | RelationKind::Partitioned | RelationKind::Foreign)
    }

    /// The relation and all below it, or it alone.
    pub(super) fn tree(&self, world: &'a World<'_>, only: bool) -> Vec<Self> {
        match self.known {
            Some((id, _)) if !only => {
                world.catalog.tree(id).into_iter().filter_map(|id| Self::of(world, id)).collect()
            }
            _ => vec![self.clone()],
        }
    }

    /// A change to the relation as a whole.
    pub(super) fn change(&self, kind: ChangeKind, span: Span) -> Change {
        self.change_of(kind, self.name.to_string(), span)
    }

    /// A change to a part of it.
    pub(super) fn change_of(&self, kind: ChangeKind, name: impl Into<String>, span: Span) -> Change {
        Change {
            kind,
            relation: self.name.clone(),
            age: self.age,
            name: name.into(),
            span,
            detail: None,
            when: None,
            fresh: false,
            evidence: if self.known.is_some() { Evidence::Decided } else { Evidence::Assumed },
        }
    }
}

impl Change {
    /// The same, with what helps to understand it.
    pub(super) fn with(self, detail: impl Into<String>) -> Self {
        Self { detail: Some(detail.into()), ..self }
    }
}
