use super::alter::of_tree;
use super::change::Subject;
use crate::claim::{Change, ChangeKind};
use crate::ddl::{Action, AlterDomain, AlterEnum, DomainAction};
use crate::replay::World;
use crate::{Age, Evidence, ObjectName, Span};

/// A label of an enum that gets another name.
pub(super) fn label(world: &World<'_>, alter: &AlterEnum, span: Span) -> Vec<Change> {
    match alter {
        AlterEnum::Add { .. } => Vec::new(),
        AlterEnum::Rename { name, from, to } => {
            vec![Change {
                detail: Some(to.clone()),
                ..change(world, ChangeKind::RenameObject, name, from, span)
            }]
        }
    }
}

/// Attributes of a composite type that go or get another type, and with them the columns of tables made of it.
pub(super) fn attributes(world: &World<'_>, name: &ObjectName, actions: &[(Span, Action)]) -> Vec<Change> {
    let changed = actions.iter().filter_map(|(span, action)| match action {
        Action::DropColumn { name: attribute, .. } | Action::Column { name: attribute, .. } => {
            Some(change(world, ChangeKind::DropObject, name, attribute, *span))
        }
        _ => None,
    });
    let tables = world.catalog.typed_tables(&name.or_in(world.path.first()));
    let subjects = tables.into_iter().filter_map(|id| Subject::of(world, id));
    changed.chain(subjects.flat_map(|table| of_tree(world, &table, actions, false))).collect()
}

/// What a domain asks from now on.
pub(super) fn domain(world: &World<'_>, alter: &AlterDomain, span: Span) -> Vec<Change> {
    match &alter.action {
        DomainAction::SetNotNull | DomainAction::AddConstraint(_) => {
            vec![change(world, ChangeKind::AddConstraint, &alter.name, &alter.name.name, span)]
        }
        _ => Vec::new(),
    }
}

fn change(world: &World<'_>, kind: ChangeKind, of: &ObjectName, name: &str, span: Span) -> Change {
    Change {
        kind,
        relation: of.or_in(world.path.first()),
        age: Age::Old,
        name: name.to_owned(),
        span,
        detail: None,
        when: None,
        fresh: false,
        evidence: Evidence::Decided,
    }
}
