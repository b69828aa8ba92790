use super::change::Subject;
use super::columns::{State, Tracks};
use super::{access, constraints};
use crate::Span;
use crate::catalog::TypeDef;
use crate::claim::Change;
use crate::ddl::{Action, AlterTable, Column, ColumnAction, Constraint, ConstraintKind};
use crate::replay::World;

/// What `ALTER TABLE` changes.
pub(super) fn changes(world: &World<'_>, alter: &AlterTable, span: Span) -> Vec<Change> {
    let Some(root) = Subject::find(world, &alter.name) else { return Vec::new() };
    let mut changes = of_tree(world, &root, &alter.actions, alter.only);
    changes.extend(access::altered(&root, &alter.actions));
    let _ = span;
    changes
}

/// What actions change on a relation and what is below it.
pub(super) fn of_tree(
    world: &World<'_>,
    root: &Subject<'_>,
    actions: &[(Span, Action)],
    only: bool,
) -> Vec<Change> {
    let actions = in_passes(actions);
    let mut changes = Vec::new();
    for (place, subject) in root.tree(world, only).iter().enumerate() {
        let mut tracks = Tracks::of(subject);
        for (span, action) in &actions {
            let step = Step { world, subject, span: *span, below: place > 0 };
            step.run(action, &mut tracks);
        }
        changes.extend(tracks.changes(subject));
        if place == 0 {
            changes.extend(constraints::added(world, subject, &actions, &tracks));
        }
    }
    changes
}

/// Actions in the order PostgreSQL takes them, whatever the order they are written in (`AlterTablePass`).
fn in_passes(actions: &[(Span, Action)]) -> Vec<(Span, &Action)> {
    let mut ordered: Vec<_> = actions.iter().map(|(span, action)| (*span, action)).collect();
    ordered.sort_by_key(|(_, action)| pass(action));
    ordered
}

fn pass(action: &Action) -> u8 {
    match action {
        Action::DropColumn { .. }
        | Action::DropConstraint { .. }
        | Action::Column { action: ColumnAction::DropNotNull | ColumnAction::DropExpression, .. } => 0,
        Action::Column { action: ColumnAction::Type { .. }, .. } => 1,
        Action::AddColumn { .. } => 2,
        Action::Column { action: ColumnAction::AddIdentity, .. } => 3,
        Action::Column { .. } => 4,
        _ => 5,
    }
}

/// One action on one relation.
struct Step<'a> {
    world: &'a World<'a>,
    subject: &'a Subject<'a>,
    span: Span,
    /// Whether the relation is only reached through what it belongs to.
    below: bool,
}

impl Step<'_> {
    fn run(&self, action: &Action, tracks: &mut Tracks<'_>) {
        match action {
            Action::AddColumn { column, .. } => self.add(column, tracks),
            Action::DropColumn { name, cascade, .. } => {
                let made = if *cascade { self.made_of(name) } else { Vec::new() };
                for column in made.into_iter().chain([name.as_str()]) {
                    self.drop(column, tracks);
                }
            }
            Action::Column { name, action } => self.change(name, action, tracks),
            Action::AddConstraint(constraint) => self.constrain(constraint, tracks),
            _ => {}
        }
    }

    fn add(&self, column: &Column, tracks: &mut Tracks<'_>) {
        if !tracks.has(&column.name) {
            tracks.add(self.new_column(column), self.span);
        }
    }

    fn new_column(&self, column: &Column) -> State {
        let serial = column.ty.as_ref().is_some_and(crate::ddl::TypeRef::is_serial);
        let primary = column.constraints.iter().any(|is| matches!(is.kind, ConstraintKind::Primary { .. }));
        let default = column.default.as_ref().is_some_and(|default| !default.is_null());
        State {
            name: column.name.clone(),
            ty: column.ty.clone(),
            required: Some(column.not_null.is_some() || serial || primary || column.identity),
            default: Some(default || serial || self.has_domain_default(column)),
            filled: column.identity || column.generated.is_some(),
            inherited: self.below,
        }
    }

    fn has_domain_default(&self, column: &Column) -> bool {
        let ty = column.ty.as_ref().filter(|ty| ty.dimensions == 0);
        let def = ty.and_then(|ty| self.world.catalog.type_named(&ty.name, &self.world.path));
        matches!(def, Some(TypeDef::Domain { default: Some(_), .. }))
    }

    fn drop(&self, name: &str, tracks: &mut Tracks<'_>) {
        let below = self.below;
        let Some(track) = tracks.get(name) else { return };
        let goes = !below || track.is.as_ref().is_some_and(|is| is.inherited);
        if goes {
            track.is = None;
            track.span = self.span;
        }
    }

    /// The generated columns that are made of that one.
    fn made_of(&self, name: &str) -> Vec<&str> {
        let columns = self.subject.known.into_iter().flat_map(|(_, relation)| &relation.columns);
        let made = columns.filter(|column| column.made_of.iter().any(|of| of == name));
        made.map(|column| column.name.as_str()).collect()
    }

    fn change(&self, name: &str, action: &ColumnAction, tracks: &mut Tracks<'_>) {
        let Some(track) = tracks.get(name) else { return };
        track.span = self.span;
        let Some(is) = &mut track.is else { return };
        match action {
            ColumnAction::Type { ty, .. } => is.ty = Some(ty.clone()),
            ColumnAction::SetDefault(expr) => is.default = Some(!expr.is_null()),
            ColumnAction::DropDefault => is.default = Some(false),
            ColumnAction::SetNotNull => is.required = Some(true),
            ColumnAction::DropNotNull => is.required = Some(false),
            ColumnAction::AddIdentity => is.filled = true,
            ColumnAction::DropIdentity | ColumnAction::DropExpression => is.filled = false,
            _ => {}
        }
    }

    /// A primary key requires its columns, and so does `NOT NULL` as a constraint.
    fn constrain(&self, constraint: &Constraint, tracks: &mut Tracks<'_>) {
        let columns = match &constraint.kind {
            ConstraintKind::Primary { columns, index } if columns.is_empty() => {
                self.of_index(index.as_deref())
            }
            ConstraintKind::Primary { columns, .. } => columns.clone(),
            ConstraintKind::NotNull { column } if !constraint.not_valid => vec![column.clone()],
            _ => Vec::new(),
        };
        for column in columns {
            self.change(&column, &ColumnAction::SetNotNull, tracks);
        }
    }

    /// The columns of an index of the relation.
    fn of_index(&self, name: Option<&str>) -> Vec<String> {
        let Some((_, relation)) = self.subject.known else { return Vec::new() };
        let indexes = relation.indexes.iter().filter_map(|id| self.world.catalog.get(*id));
        let index = indexes
            .filter(|index| Some(index.name.name.as_str()) == name)
            .find_map(|index| index.index.as_ref());
        index.map(|index| index.columns.iter().flatten().cloned().collect()).unwrap_or_default()
    }
}
