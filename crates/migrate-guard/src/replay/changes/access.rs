use super::change::Subject;
use crate::claim::{Change, ChangeKind};
use crate::ddl::{Action, CreateTrigger, Grant};
use crate::replay::World;
use crate::{ObjectName, Span};

/// A policy: which rows a role sees and writes.
pub(super) fn policy(
    world: &World<'_>,
    name: &str,
    table: &ObjectName,
    create: bool,
    span: Span,
) -> Vec<Change> {
    let words = if create { "new policy" } else { "another policy" };
    on(world, name, table, words, span)
}

/// A trigger: what becomes of a row that is written.
pub(super) fn trigger(world: &World<'_>, create: &CreateTrigger, span: Span) -> Vec<Change> {
    on(world, &create.name, &create.table, "new trigger", span)
}

/// A rule: what a query is rewritten to.
pub(super) fn rule(world: &World<'_>, name: &str, table: &ObjectName, span: Span) -> Vec<Change> {
    on(world, name, table, "new rule", span)
}

/// `REVOKE`: what a role may do no longer.
pub(super) fn revoke(world: &World<'_>, grant: &Grant, span: Span) -> Vec<Change> {
    if !grant.revoke {
        return Vec::new();
    }
    grant.tables.iter().flat_map(|table| on(world, &table.name, table, "REVOKE", span)).collect()
}

/// Row security that is switched on or off.
pub(super) fn altered(subject: &Subject<'_>, actions: &[(Span, Action)]) -> Vec<Change> {
    let switched = actions.iter().filter_map(|(span, action)| match action {
        Action::RowSecurity(Some(on)) => {
            Some((*span, if *on { "row security on" } else { "row security off" }))
        }
        _ => None,
    });
    switched.map(|(span, words)| subject.change(ChangeKind::Access, span).with(words)).collect()
}

fn on(world: &World<'_>, name: &str, table: &ObjectName, words: &str, span: Span) -> Vec<Change> {
    let subject = Subject::find(world, table);
    subject.map(|subject| subject.change_of(ChangeKind::Access, name, span).with(words)).into_iter().collect()
}
