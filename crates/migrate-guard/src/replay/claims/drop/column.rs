use super::exclusively;
use crate::Span;
use crate::ObjectName;
use crate::catalog::{Column, ConstraintKind, DefaultValue, Relation};
use crate::claim::{Cause, RelationKind};
use crate::replay::claims::ledger::Ledger;
use crate::replay::claims::target::Target;

/// The types of extensions that columns are often made of.
const EXTENSIONS: [(&str, &[&str]); 7] = [
    ("citext", &["citext"]),
    ("cube", &["cube"]),
    ("hstore", &["hstore"]),
    ("ltree", &["ltree", "lquery", "ltxtquery"]),
    ("pg_trgm", &["gtrgm"]),
    ("postgis", &["geometry", "geography", "box2d", "box3d"]),
    ("vector", &["vector", "halfvec", "sparsevec"]),
];

/// Columns of a type go with it, and so do tables that are made of it.
pub(super) fn of_type(ledger: &mut Ledger<'_>, name: &ObjectName, span: Span) {
    let wanted = ledger.full(name);
    let typed = ledger.world.catalog.id(&wanted).map(|(id, relation)| Target::known(id, relation));
    let composite = typed.filter(|ty| ty.kind() == RelationKind::Composite);
    let made_of = composite.map(|ty| ledger.below(&ty)).unwrap_or_default();
    ledger.on_each(&made_of, &exclusively(Cause::DropTable, span));
    let of_it = |ledger: &Ledger<'_>, column: &Column| {
        let ty = column.ty.as_ref();
        ty.is_some_and(|ty| ledger.full(&ty.name) == wanted)
    };
    columns(ledger, of_it, span);
}

/// The types of an extension go with it.
pub(super) fn of_extension(ledger: &mut Ledger<'_>, name: &str, span: Span) {
    let types = EXTENSIONS.iter().find(|(extension, _)| *extension == name).map_or(&[][..], |(_, types)| types);
    let of_it = |_: &Ledger<'_>, column: &Column| {
        let ty = column.ty.as_ref();
        ty.is_some_and(|ty| types.contains(&ty.name.name.as_str()))
    };
    columns(ledger, of_it, span);
}

/// Drops the columns that `pick` takes.
fn columns(ledger: &mut Ledger<'_>, pick: impl Fn(&Ledger<'_>, &Column) -> bool, span: Span) {
    let all = ledger.world.catalog.relations().filter(|(_, relation)| has_columns(relation));
    let all: Vec<_> = all.map(|(id, relation)| Target::known(id, relation)).collect();
    for table in all {
        let columns = table.relation().map_or(&[][..], |relation| &relation.columns);
        let gone: Vec<_> = columns.iter().filter(|column| pick(ledger, column)).map(|is| is.name.as_str()).collect();
        if !gone.is_empty() {
            ledger.on(&table, exclusively(Cause::DropColumn, span));
            ledger.views_of_columns(&table, &gone, span);
        }
    }
}

fn has_columns(relation: &Relation) -> bool {
    !matches!(relation.kind, RelationKind::Index | RelationKind::Sequence | RelationKind::Composite)
}

impl<'w> Ledger<'w> {
    /// Views over a table that show one of `columns`. Those that only use it are not known.
    pub(in crate::replay::claims) fn views_of_columns(&mut self, table: &Target<'w>, columns: &[&str], span: Span) {
        let views = table.id().map(|id| self.views_over(id)).unwrap_or_default();
        for view in views {
            let shown = view.relation().map_or(&[][..], |view| &view.columns);
            let shows = shown.is_empty() || shown.iter().any(|column| columns.contains(&column.name.as_str()));
            if shows {
                self.on(&view, exclusively(Cause::DropColumn, span).assumed_if(true));
            }
        }
    }
}

/// Defaults, checks and triggers that call a function go with it.
pub(super) fn of_function(ledger: &mut Ledger<'_>, name: &ObjectName, span: Span) {
    using(ledger, |relation| calls(relation, &name.name), span);
}

/// Defaults that draw from a sequence go with it.
pub(super) fn of_sequence(ledger: &mut Ledger<'_>, name: &ObjectName, span: Span) {
    let mut owner = ledger.find(name).and_then(|sequence| sequence.relation()?.owned_by.clone());
    let owner = owner.take().map(|(table, _)| table);
    let owning = owner.and_then(|id| ledger.world.catalog.get(id)).map(|relation| &relation.name);
    let draws = |default: &DefaultValue| default.text.contains("nextval") && default.text.contains(&name.name);
    using(
        ledger,
        |relation| owning == Some(&relation.name) || defaults(relation).any(draws),
        span,
    );
}

fn using(ledger: &mut Ledger<'_>, pick: impl Fn(&Relation) -> bool, span: Span) {
    let all = ledger.world.catalog.relations().filter(|(_, relation)| pick(relation));
    let all: Vec<_> = all.map(|(id, relation)| Target::known(id, relation)).collect();
    ledger.on_each(&all, &exclusively(Cause::Other("CASCADE"), span));
}

fn defaults(relation: &Relation) -> impl Iterator<Item = &DefaultValue> {
    relation.columns.iter().filter_map(|column| column.default.as_ref())
}

fn calls(relation: &Relation, function: &str) -> bool {
    let call = format!("{function}(");
    let checked = |kind: &ConstraintKind| matches!(kind, ConstraintKind::Check { text, .. } if text.contains(&call));
    relation.triggers.iter().any(|trigger| trigger.function.name == function)
        || defaults(relation).any(|default| default.calls.iter().any(|called| called.name == function))
        || relation.constraints.iter().any(|constraint| checked(&constraint.kind))
}
