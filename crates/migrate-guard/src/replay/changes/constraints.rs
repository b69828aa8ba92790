use super::change::Subject;
use super::columns::Tracks;
use crate::Span;
use crate::catalog::{self, Relation};
use crate::claim::{Change, ChangeKind};
use crate::ddl::{Action, Constraint, ConstraintKind, CreateIndex};
use crate::replay::World;

/// Constraints that rows of old code may break. One that is the same as one that is dropped asks nothing new, nor does
/// one of columns that old code does not know.
pub(super) fn added(
    world: &World<'_>,
    subject: &Subject<'_>,
    actions: &[(Span, &Action)],
    tracks: &Tracks<'_>,
) -> Vec<Change> {
    let dropped = dropped(subject, actions);
    let mut changes = Vec::new();
    for (span, action) in actions {
        let news: &[Constraint] = match action {
            Action::AddConstraint(constraint) => std::slice::from_ref(constraint),
            Action::AddColumn { column, .. } => &column.constraints,
            _ => &[],
        };
        for new in news.iter().filter(|new| new.enforced && asks(world, subject, new)) {
            let known = !columns(new).iter().all(|column| tracks.adds(column)) || columns(new).is_empty();
            if known && !dropped.iter().any(|old| is_same(world, new, old)) {
                changes.push(change(subject, new, *span));
            }
        }
    }
    changes
}

/// `CREATE UNIQUE INDEX` asks what a unique constraint asks.
pub(super) fn unique_index(world: &World<'_>, create: &CreateIndex, span: Span) -> Vec<Change> {
    let subject = create.unique.then(|| Subject::find(world, &create.table)).flatten();
    let columns =
        || create.elements.iter().map(|element| element.expr.text.as_str()).collect::<Vec<_>>().join(", ");
    let change = |subject: Subject<'_>| {
        let name = create.name.clone().unwrap_or_else(columns);
        subject.change_of(ChangeKind::AddConstraint, name, span).with(format!("UNIQUE ({})", columns()))
    };
    subject.map(change).into_iter().collect()
}

fn change(subject: &Subject<'_>, new: &Constraint, span: Span) -> Change {
    let words = match &new.kind {
        ConstraintKind::Primary { .. } => "PRIMARY KEY",
        ConstraintKind::Unique { .. } => "UNIQUE",
        ConstraintKind::Foreign { .. } => "FOREIGN KEY",
        ConstraintKind::Check(_) => "CHECK",
        ConstraintKind::Exclude { .. } => "EXCLUDE",
        ConstraintKind::NotNull { .. } => "NOT NULL",
    };
    let detail = match &new.kind {
        ConstraintKind::Check(expr) => format!("{words} ({})", expr.text),
        _ => format!("{words} ({})", columns(new).join(", ")),
    };
    let name = new.name.clone().unwrap_or_else(|| detail.clone());
    subject.change_of(ChangeKind::AddConstraint, name, span).with(detail)
}

/// Whether it asks more than what is there: an index that is unique already asks the same as the constraint on it.
fn asks(world: &World<'_>, subject: &Subject<'_>, new: &Constraint) -> bool {
    match &new.kind {
        ConstraintKind::NotNull { .. }
        | ConstraintKind::Primary { index: Some(_), .. }
        | ConstraintKind::Unique { index: Some(_), .. } => false,
        ConstraintKind::Primary { columns, .. } | ConstraintKind::Unique { columns, .. } => {
            !subject.known.is_some_and(|(_, relation)| is_unique(world, relation, columns))
        }
        _ => true,
    }
}

fn is_unique(world: &World<'_>, relation: &Relation, columns: &[String]) -> bool {
    let indexes = relation.indexes.iter().filter_map(|id| world.catalog.get(*id)?.index.as_ref());
    let mut unique = indexes.filter(|index| index.unique && index.valid && !index.partial);
    unique.any(|index| {
        let named: Option<Vec<&String>> = index.columns.iter().map(Option::as_ref).collect();
        named.is_some_and(|named| named.iter().all(|column| columns.contains(column)))
    })
}

/// The constraints that the same statement drops.
fn dropped<'a>(subject: &Subject<'a>, actions: &[(Span, &Action)]) -> Vec<&'a catalog::Constraint> {
    let Some((_, relation)) = subject.known else { return Vec::new() };
    let names = actions.iter().filter_map(|(_, action)| match action {
        Action::DropConstraint { name, .. } => Some(name),
        _ => None,
    });
    names.filter_map(|name| relation.constraint(name)).collect()
}

fn columns(new: &Constraint) -> &[String] {
    match &new.kind {
        ConstraintKind::Primary { columns, .. }
        | ConstraintKind::Unique { columns, .. }
        | ConstraintKind::Foreign { columns, .. }
        | ConstraintKind::Exclude { columns, .. } => columns,
        ConstraintKind::Check(expr) => &expr.columns,
        ConstraintKind::NotNull { column } => std::slice::from_ref(column),
    }
}

fn is_same(world: &World<'_>, new: &Constraint, old: &catalog::Constraint) -> bool {
    use catalog::ConstraintKind as Old;
    match (&new.kind, &old.kind) {
        (
            ConstraintKind::Foreign { columns, references, .. },
            Old::Foreign { columns: was, references: id, .. },
        ) => {
            columns == was
                && world
                    .catalog
                    .id(&world.catalog.qualify(references, &world.path))
                    .is_some_and(|(is, _)| is == *id)
        }
        (ConstraintKind::Unique { columns, .. }, Old::Unique { columns: was, .. })
        | (ConstraintKind::Primary { columns, .. }, Old::Primary { columns: was, .. }) => columns == was,
        (ConstraintKind::Check(expr), Old::Check { text, .. }) => expr.text == *text,
        _ => false,
    }
}
