use super::change::Subject;
use crate::Span;
use crate::claim::{Change, ChangeKind, RelationKind};
use crate::ddl::{ObjectKind, Rename, SetSchema};
use crate::replay::World;
use crate::{Age, Evidence, ObjectName, QualifiedName};

/// What `RENAME` changes.
pub(super) fn changes(world: &World<'_>, rename: &Rename, span: Span) -> Vec<Change> {
    match rename.kind {
        ObjectKind::Column => column(world, rename, span),
        ObjectKind::Table
        | ObjectKind::ForeignTable
        | ObjectKind::View
        | ObjectKind::MaterializedView
        | ObjectKind::Sequence => relation(world, &rename.name, rename.if_exists, &rename.to, span),
        ObjectKind::Attribute => attribute(world, rename, span),
        ObjectKind::Schema => schema(world, rename, span),
        ObjectKind::Type | ObjectKind::Domain | ObjectKind::Function => {
            vec![object(world, &rename.name, &rename.to, span)]
        }
        _ => Vec::new(),
    }
}

/// What `SET SCHEMA` changes.
pub(super) fn moved(world: &World<'_>, set: &SetSchema, span: Span) -> Vec<Change> {
    let to = format!("{}.{}", set.schema, set.name.name);
    match set.kind {
        ObjectKind::Table
        | ObjectKind::ForeignTable
        | ObjectKind::View
        | ObjectKind::MaterializedView
        | ObjectKind::Sequence => relation(world, &set.name, set.if_exists, &to, span),
        ObjectKind::Type | ObjectKind::Domain | ObjectKind::Function => {
            vec![object(world, &set.name, &to, span)]
        }
        _ => Vec::new(),
    }
}

/// A column, in the relation and in all below it.
fn column(world: &World<'_>, rename: &Rename, span: Span) -> Vec<Change> {
    let subject = rename.on.as_ref().and_then(|on| Subject::find(world, on));
    let known = |subject: &Subject<'_>| subject.known.is_some() || !rename.if_exists;
    let all = subject.filter(known).map(|subject| subject.tree(world, false)).unwrap_or_default();
    all.iter().flat_map(|one| of_column(one, rename, span)).collect()
}

fn of_column(subject: &Subject<'_>, rename: &Rename, span: Span) -> [Change; 2] {
    let kind = if subject.is_table() { ChangeKind::RenameColumn } else { ChangeKind::RenameObject };
    [kind, ChangeKind::ResultShape]
        .map(|kind| subject.change_of(kind, &rename.name.name, span).with(rename.to.clone()))
}

/// An attribute of a composite type, and so a column of each table that is made of it.
fn attribute(world: &World<'_>, rename: &Rename, span: Span) -> Vec<Change> {
    let ty = rename.on.as_ref().map(|on| full(world, on));
    let tables = ty.map(|ty| world.catalog.typed_tables(&ty)).unwrap_or_default();
    let subjects = tables.into_iter().filter_map(|id| Subject::of(world, id));
    subjects.flat_map(|subject| of_column(&subject, rename, span)).collect()
}

/// A schema, and so the full name of each table in it.
fn schema(world: &World<'_>, rename: &Rename, span: Span) -> Vec<Change> {
    let within = world.catalog.relations().filter(|(_, relation)| relation.name.schema == rename.name.name);
    let subjects = within.filter_map(|(id, _)| Subject::of(world, id)).filter(Subject::is_table);
    let tables = subjects.map(|subject| {
        let to = format!("{}.{}", rename.to, subject.name.name);
        subject.change(ChangeKind::RenameTable, span).with(to)
    });
    std::iter::once(object(world, &rename.name, &rename.to, span)).chain(tables).collect()
}

fn relation(world: &World<'_>, name: &ObjectName, if_exists: bool, to: &str, span: Span) -> Vec<Change> {
    let subject = Subject::find(world, name).filter(|subject| subject.known.is_some() || !if_exists);
    let kind = |subject: &Subject<'_>| match subject.known.map(|(_, relation)| relation.kind) {
        Some(RelationKind::Index | RelationKind::Composite) => None,
        Some(RelationKind::View | RelationKind::MaterializedView | RelationKind::Sequence) => {
            Some(ChangeKind::RenameObject)
        }
        _ => Some(ChangeKind::RenameTable),
    };
    let change = |subject: Subject<'_>| kind(&subject).map(|kind| subject.change(kind, span).with(to));
    subject.and_then(change).into_iter().collect()
}

fn object(world: &World<'_>, name: &ObjectName, to: &str, span: Span) -> Change {
    Change {
        kind: ChangeKind::RenameObject,
        relation: full(world, name),
        age: Age::Old,
        name: name.to_string(),
        span,
        detail: Some(to.to_owned()),
        when: None,
        fresh: false,
        evidence: Evidence::Decided,
    }
}

fn full(world: &World<'_>, name: &ObjectName) -> QualifiedName {
    name.or_in(world.path.first())
}
