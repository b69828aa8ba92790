use rustc_hash::FxHashSet;

use super::change::Subject;
use crate::catalog::{DefaultValue, Loss, RelationId, Target};
use crate::claim::{Change, ChangeKind, RelationKind};
use crate::ddl::{Drop, ObjectKind};
use crate::replay::World;
use crate::{Age, Evidence, ObjectName, QualifiedName, Span};

/// What `DROP` changes.
pub(super) fn changes(world: &World<'_>, drop: &Drop) -> Vec<Change> {
    let mut gone = Gone { world, if_exists: drop.if_exists, seen: FxHashSet::default(), changes: Vec::new() };
    for (span, name) in &drop.names {
        match drop.kind {
            ObjectKind::Table | ObjectKind::ForeignTable => gone.table(name, *span),
            ObjectKind::View | ObjectKind::MaterializedView => gone.relation(name, *span),
            ObjectKind::Sequence => gone.sequence(name, drop.cascade, *span),
            ObjectKind::Schema => gone.schema(&name.name, drop.cascade, *span),
            ObjectKind::Type | ObjectKind::Domain => gone.type_named(name, drop.cascade, *span),
            ObjectKind::Function | ObjectKind::Extension => gone.object(drop.kind, name, *span),
            ObjectKind::Trigger | ObjectKind::Policy | ObjectKind::Rule => {
                if let Some(on) = &drop.on {
                    gone.attached(&name.name, on, *span);
                }
            }
            _ => {}
        }
    }
    gone.changes
}

struct Gone<'a> {
    world: &'a World<'a>,
    if_exists: bool,
    seen: FxHashSet<RelationId>,
    changes: Vec<Change>,
}

impl<'a> Gone<'a> {
    /// A table and what is below it.
    fn table(&mut self, name: &ObjectName, span: Span) {
        let Some(subject) = self.find(name) else { return };
        for one in subject.tree(self.world, false) {
            self.one(&one, span);
        }
    }

    fn relation(&mut self, name: &ObjectName, span: Span) {
        if let Some(subject) = self.find(name) {
            self.one(&subject, span);
        }
    }

    /// A sequence takes the defaults that draw from it with it.
    fn sequence(&mut self, name: &ObjectName, cascade: bool, span: Span) {
        let known = self.find(name).and_then(|subject| subject.known);
        for (id, relation) in self.world.catalog.relations().filter(|_| cascade) {
            let drawn = |default: &DefaultValue| known.is_some_and(|(it, _)| default.sequences.contains(&it));
            let columns = relation.columns.iter().filter(|column| column.default.as_ref().is_some_and(drawn));
            for column in columns.filter(|column| column.not_null) {
                let subject = Subject::of(self.world, id);
                let change =
                    |is: Subject<'_>| is.change_of(ChangeKind::DropDefaultOnNotnull, &column.name, span);
                self.changes.extend(subject.map(change));
            }
        }
        self.relation(name, span);
    }

    /// What a name means; with `IF EXISTS` only what is known to be there.
    fn find(&self, name: &ObjectName) -> Option<Subject<'a>> {
        Subject::find(self.world, name).filter(|subject| subject.known.is_some() || !self.if_exists)
    }

    fn one(&mut self, subject: &Subject<'_>, span: Span) {
        let fresh = subject.known.is_none_or(|(id, _)| !self.seen.contains(&id));
        let kind = subject.known.map_or(ChangeKind::DropTable, |(_, relation)| gone(relation.kind));
        if fresh {
            self.seen.extend(subject.known.map(|(id, _)| id));
            let change = subject.change(kind, span);
            self.changes.push(change);
        }
    }

    /// A schema takes all with it.
    fn schema(&mut self, schema: &str, cascade: bool, span: Span) {
        let within = self.world.catalog.relations().filter(|(_, relation)| relation.name.schema == schema);
        let within: Vec<_> =
            within.filter(|(_, relation)| is_named_by_code(relation.kind)).map(|(id, _)| id).collect();
        for id in within.into_iter().filter(|_| cascade) {
            if let Some(subject) = Subject::of(self.world, id) {
                self.one(&subject, span);
            }
        }
        self.named(QualifiedName::new(schema, schema), schema.to_owned(), span);
    }

    /// A type takes the columns that are of it with it, and the tables that are made of it or parted by such a column.
    fn type_named(&mut self, name: &ObjectName, cascade: bool, span: Span) {
        let full = name.or_in(self.world.path.first());
        let lost = if cascade { self.world.catalog.losses(&[Target::Type(full)]) } else { Vec::new() };
        for loss in &lost {
            match loss {
                Loss::Relation(id) => self.lost(*id, span),
                Loss::Column(id, column) if !lost.contains(&Loss::Relation(*id)) => {
                    self.lost_column(*id, column, span);
                }
                _ => {}
            }
        }
        self.object(ObjectKind::Type, name, span);
    }

    fn lost(&mut self, id: RelationId, span: Span) {
        let subject = Subject::of(self.world, id).filter(Subject::is_table);
        if let Some(subject) = subject {
            self.one(&subject, span);
        }
    }

    fn lost_column(&mut self, id: RelationId, column: &str, span: Span) {
        let subject = Subject::of(self.world, id).filter(Subject::is_table);
        self.changes.extend(subject.map(|subject| subject.change_of(ChangeKind::DropColumn, column, span)));
    }

    /// A function, a type, an extension.
    fn object(&mut self, kind: ObjectKind, name: &ObjectName, span: Span) {
        let (catalog, path) = (&self.world.catalog, &self.world.path);
        let known = match kind {
            ObjectKind::Function => !catalog.functions_named(name, path).is_empty(),
            ObjectKind::Extension => catalog.has_extension(&name.name),
            _ => catalog.type_named(name, path).is_some(),
        };
        if known || !self.if_exists {
            self.named(name.or_in(path.first()), name.to_string(), span);
        }
    }

    fn named(&mut self, relation: QualifiedName, name: String, span: Span) {
        self.changes.push(Change {
            kind: ChangeKind::DropObject,
            relation,
            age: Age::Old,
            name,
            span,
            detail: None,
            when: None,
            fresh: false,
            evidence: Evidence::Decided,
        });
    }

    /// A trigger, policy or rule of a table: what rows become of what is written, and who sees them.
    fn attached(&mut self, name: &str, on: &ObjectName, span: Span) {
        let change = self.find(on).map(|subject| subject.change_of(ChangeKind::Access, name, span));
        self.changes.extend(change);
    }
}

fn gone(kind: RelationKind) -> ChangeKind {
    match kind {
        RelationKind::Table | RelationKind::Partitioned | RelationKind::Foreign => ChangeKind::DropTable,
        _ => ChangeKind::DropObject,
    }
}

fn is_named_by_code(kind: RelationKind) -> bool {
    !matches!(kind, RelationKind::Index | RelationKind::Composite)
}
