use super::ledger::{Deed, Ledger};
use super::target::Target;
use crate::catalog::{Column, RelationId, TypeDef};
use crate::claim::{Cause, RelationKind, Works};
use crate::ddl::{AlterDomain, DomainAction, TypeRef};
use crate::{Lock, ObjectName, Span};

/// How many domains may stand on one another.
const DEPTH: usize = 16;

/// `ALTER DOMAIN`: a new constraint is proven in every table that has the domain.
pub(super) fn alter_domain(ledger: &mut Ledger<'_>, alter: &AlterDomain, span: Span) {
    if !asks_rows(ledger, alter) {
        return;
    }
    let deed = Deed::new(Lock::Share, Cause::ProveDomain, span).with(Works::SCAN);
    for table in tables_with(ledger, &alter.name) {
        ledger.on(&table, deed.clone());
    }
}

fn asks_rows(ledger: &Ledger<'_>, alter: &AlterDomain) -> bool {
    let known = ledger.world.catalog.type_named(&alter.name, &ledger.world.path);
    let required = matches!(known, Some(TypeDef::Domain { not_null: true, .. }));
    match &alter.action {
        DomainAction::SetNotNull => !required,
        DomainAction::AddConstraint(constraint) => !constraint.not_valid,
        DomainAction::ValidateConstraint(_) => true,
        _ => false,
    }
}

/// The tables with rows that have a column of the domain, or of one over it.
fn tables_with<'w>(ledger: &Ledger<'w>, domain: &ObjectName) -> Vec<Target<'w>> {
    let kinds = [RelationKind::Table, RelationKind::MaterializedView];
    let all = ledger.world.catalog.relations().filter(|(_, relation)| kinds.contains(&relation.kind));
    let having = all.filter(|(_, relation)| relation.columns.iter().any(|column| is_of(ledger, column, domain)));
    having.map(|(id, relation): (RelationId, _)| Target::known(id, relation)).collect()
}

fn is_of(ledger: &Ledger<'_>, column: &Column, domain: &ObjectName) -> bool {
    let wanted = ledger.full(domain);
    let over = |ty: &TypeRef| match ledger.world.catalog.type_named(&ty.name, &ledger.world.path)? {
        TypeDef::Domain { base, .. } => Some(base.clone()),
        TypeDef::Body(_) => None,
    };
    let plain = column.ty.clone().filter(|ty| ty.dimensions == 0);
    std::iter::successors(plain, over).take(DEPTH).any(|ty| ledger.full(&ty.name) == wanted)
}

impl Ledger<'_> {
    /// A type's name with its schema, as far as it is known.
    pub(super) fn full(&self, name: &ObjectName) -> crate::QualifiedName {
        let places = self.world.path.0.iter().map(|schema| ObjectName::within(schema.clone(), name.name.clone()));
        let mut known = places.filter(|name| self.world.catalog.type_named(name, &self.world.path).is_some());
        let found = if name.schema.is_none() { known.next() } else { None };
        found.as_ref().unwrap_or(name).or_in(self.world.path.first())
    }
}
