use super::exclusively;
use crate::Span;
use crate::catalog::{Column, Relation};
use crate::claim::Cause;
use crate::replay::claims::ledger::Ledger;
use crate::replay::claims::target::Target;

/// The types of extensions that columns are often made of.
const TYPES: [(&str, &[&str]); 6] = [
    ("citext", &["citext"]),
    ("cube", &["cube"]),
    ("hstore", &["hstore"]),
    ("ltree", &["ltree", "lquery", "ltxtquery"]),
    ("postgis", &["geometry", "geography", "box2d", "box3d"]),
    ("vector", &["vector", "halfvec", "sparsevec"]),
];

/// `DROP EXTENSION … CASCADE`: columns of its types go with it.
pub(super) fn drop_extension(ledger: &mut Ledger<'_>, name: &str, span: Span) {
    let types = TYPES.iter().find(|(extension, _)| *extension == name).map_or(&[][..], |(_, types)| types);
    let of_it = |column: &Column| column.ty.as_ref().is_some_and(|ty| types.contains(&ty.name.name.as_str()));
    let has = |relation: &Relation| relation.columns.iter().any(of_it);
    let all = ledger.world.catalog.relations().filter(|(_, relation)| has(relation));
    let all: Vec<_> = all.map(|(id, relation)| Target::known(id, relation)).collect();
    ledger.on_each(&all, &exclusively(Cause::DropColumn, span));
}
