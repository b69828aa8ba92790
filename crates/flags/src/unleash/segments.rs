use std::collections::{BTreeMap, BTreeSet};

use super::wire;
use crate::rules::Segment;

/// What Unleash's numbered segments are called here.
pub(super) struct Names(BTreeMap<i64, String>);

impl Names {
    /// By their names; by their numbers where there is no name, or two of the same.
    pub(super) fn new(segments: &BTreeMap<i64, wire::Segment>) -> Self {
        let mut taken = BTreeSet::new();
        let named = |(id, segment): (&i64, &wire::Segment)| {
            let own = segment.name.clone().filter(|name| !name.is_empty() && taken.insert(name.clone()));
            (*id, own.unwrap_or_else(|| numbered(*id)))
        };
        Self(segments.iter().map(named).collect())
    }

    /// A segment that does not exist has a name too; a rule that asks for it admits nobody.
    pub(super) fn of(&self, id: i64) -> String {
        self.0.get(&id).cloned().unwrap_or_else(|| numbered(id))
    }
}

fn numbered(id: i64) -> String {
    format!("segment-{id}")
}

/// The segment, and what of it was left out; or why it cannot be carried over.
pub(super) fn segment(theirs: &wire::Segment) -> Result<(Segment, Vec<String>), String> {
    let (mut ours, mut notes) = (Segment::default(), Vec::new());
    for constraint in &theirs.constraints {
        let (constraint, note) = super::constraint::constraint(constraint)?;
        ours.when.push(constraint);
        notes.extend(note);
    }
    ours.check().map_err(|error| error.to_string())?;
    Ok((ours, notes))
}
