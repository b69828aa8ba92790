use super::change::Subject;
use crate::Span;
use crate::catalog::{Column, Relation};
use crate::claim::{Change, ChangeKind};
use crate::ddl::TypeRef;

/// A column through the actions of one statement.
#[derive(Clone, Debug)]
pub(super) struct Track {
    /// Which column of the relation it is; behind all of them if it is not known to be one.
    place: usize,
    /// What it was; none if the statement adds it.
    was: Option<State>,
    /// What it is; none if the statement drops it.
    pub(super) is: Option<State>,
    /// Which action spoke of it last.
    pub(super) span: Span,
}

/// What code can tell of a column. What is not known is none.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct State {
    pub(super) name: String,
    pub(super) ty: Option<TypeRef>,
    pub(super) required: Option<bool>,
    pub(super) default: Option<bool>,
    /// Whether it fills itself without a default: identity, generated.
    pub(super) filled: bool,
    /// Whether it is the parent's too, so that it goes with the parent's.
    pub(super) inherited: bool,
}

/// The columns of one relation through the actions of one statement, those that an action speaks of.
#[derive(Clone, Debug)]
pub(super) struct Tracks<'a> {
    relation: Option<&'a Relation>,
    tracks: Vec<Track>,
}

impl<'a> Tracks<'a> {
    /// The columns of a relation, none of which was spoken of so far.
    pub(super) fn of(subject: &Subject<'a>) -> Self {
        Self { relation: subject.known.map(|(_, relation)| relation), tracks: Vec::new() }
    }

    /// The column of that name now. One that is not known is taken to be there, where not all are known.
    pub(super) fn get(&mut self, name: &str) -> Option<&mut Track> {
        if let Some(at) = self.tracks.iter().position(|track| track.is_named(name)) {
            return self.tracks.get_mut(at);
        }
        let (place, was) = match self.untouched(name) {
            Some(column) => column,
            None if self.relation.is_some_and(|relation| relation.complete) => return None,
            None => (usize::MAX, State { name: name.to_owned(), ..State::default() }),
        };
        self.tracks.push(Track { place, is: Some(was.clone()), was: Some(was), span: Span::default() });
        self.tracks.last_mut()
    }

    /// The column of that name before the statement, if no action spoke of it, and which it is.
    fn untouched(&self, name: &str) -> Option<(usize, State)> {
        let relation = self.relation?;
        let place = relation.columns.iter().position(|column| column.name == name)?;
        let touched = self.tracks.iter().any(|track| track.place == place);
        (!touched).then(|| (place, State::of(&relation.columns[place], relation)))
    }

    /// Whether there is a column of that name.
    pub(super) fn has(&self, name: &str) -> bool {
        self.tracks.iter().any(|track| track.is_named(name)) || self.untouched(name).is_some()
    }

    /// A new column.
    pub(super) fn add(&mut self, is: State, span: Span) {
        self.tracks.push(Track { place: usize::MAX, was: None, is: Some(is), span });
    }

    /// Whether the statement adds that column.
    pub(super) fn adds(&self, name: &str) -> bool {
        self.tracks.iter().any(|track| track.was.is_none() && track.is_named(name))
    }

    /// Whatever came of it, in the order of the columns.
    pub(super) fn changes(&self, subject: &Subject<'_>) -> Vec<Change> {
        let mut tracks: Vec<_> = self.tracks.iter().collect();
        tracks.sort_by_key(|track| track.place);
        tracks.into_iter().flat_map(|track| track.changes(subject)).collect()
    }
}

impl State {
    fn of(column: &Column, relation: &Relation) -> Self {
        let known = relation.complete || column.ty.is_some();
        Self {
            name: column.name.clone(),
            ty: column.ty.clone(),
            required: known.then_some(column.not_null),
            default: known.then(|| column.default.as_ref().is_some_and(|default| !default.null)),
            filled: column.identity || column.generated.is_some(),
            inherited: column.inherited && !column.local,
        }
    }
}

impl Track {
    fn is_named(&self, name: &str) -> bool {
        self.is.as_ref().is_some_and(|is| is.name == name)
    }

    fn changes(&self, subject: &Subject<'_>) -> Vec<Change> {
        use ChangeKind::{AddRequiredColumn, DropColumn, ResultShape};
        match (&self.was, &self.is) {
            (Some(was), None) => self.both(subject, DropColumn, ResultShape, &was.name),
            (Some(was), Some(is)) if was != is => self.compare(subject, was, is),
            (None, Some(is)) if is.is_open() => self.both(subject, AddRequiredColumn, ResultShape, &is.name),
            (None, Some(is)) => vec![subject.change_of(ResultShape, &is.name, self.span)],
            _ => Vec::new(),
        }
    }

    fn both(&self, subject: &Subject<'_>, one: ChangeKind, other: ChangeKind, name: &str) -> Vec<Change> {
        [one, other].map(|kind| subject.change_of(kind, name, self.span)).into()
    }

    fn compare(&self, subject: &Subject<'_>, was: &State, is: &State) -> Vec<Change> {
        let mut kinds = Vec::new();
        if !same_type(was.ty.as_ref(), is.ty.as_ref()) {
            kinds.extend([ChangeKind::ChangeType, ChangeKind::ResultShape]);
        }
        if is.required == Some(true) && was.required != Some(true) {
            let falls_back = is.default == Some(true) || is.filled;
            kinds.push(if falls_back { ChangeKind::SetNotNullDefault } else { ChangeKind::SetNotNull });
        }
        if is.required == Some(false) && was.required != Some(false) {
            kinds.push(ChangeKind::DropNotNull);
        }
        let stays_required = was.required == Some(true) && is.required == Some(true);
        if was.fills() && !is.fills() && stays_required {
            kinds.push(ChangeKind::DropDefaultOnNotnull);
        }
        let detail = was.ty.as_ref().zip(is.ty.as_ref()).map(|(was, is)| format!("{was} to {is}"));
        let made = |kind| Change {
            detail: detail.clone().filter(|_| kind == ChangeKind::ChangeType),
            ..subject.change_of(kind, &was.name, self.span)
        };
        kinds.into_iter().map(made).collect()
    }
}

impl State {
    /// Whether a row needs a value for it that nothing gives.
    fn is_open(&self) -> bool {
        self.required == Some(true) && self.default != Some(true) && !self.filled
    }

    fn fills(&self) -> bool {
        self.default == Some(true) || self.filled
    }
}

/// Whether two types are one: how often an array has its brackets does not matter.
fn same_type(one: Option<&TypeRef>, other: Option<&TypeRef>) -> bool {
    let (Some(one), Some(other)) = (one, other) else { return one == other };
    one.name.name == other.name.name
        && one.modifiers == other.modifiers
        && one.fields == other.fields
        && (one.dimensions > 0) == (other.dimensions > 0)
        && (one.name.schema == other.name.schema || one.name.schema.is_none() || other.name.schema.is_none())
}
