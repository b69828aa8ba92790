use super::ledger::{Deed, Ledger};
use super::target::Target;
use crate::catalog::TypeDef;
use crate::claim::{Cause, RelationKind, Works};
use crate::ddl::{AlterDomain, DomainAction};
use crate::{Lock, ObjectName, QualifiedName, Span};

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
    let ids = ledger.world.catalog.tables_with_type(&ledger.full(domain));
    let tables = ids.into_iter().filter_map(|id| ledger.at(id));
    let kinds = [RelationKind::Table, RelationKind::MaterializedView];
    tables.filter(|table| kinds.contains(&table.kind())).collect()
}

impl Ledger<'_> {
    /// A type's name with its schema, as far as it is known.
    pub(super) fn full(&self, name: &ObjectName) -> QualifiedName {
        self.first(name, |name| self.world.catalog.type_named(name, &self.world.path).is_some())
    }

    /// A function's name with its schema, as far as it is known.
    pub(super) fn full_function(&self, name: &ObjectName) -> QualifiedName {
        self.first(name, |name| !self.world.catalog.functions_named(name, &self.world.path).is_empty())
    }

    /// The first of the search path that has it, else the first of the path.
    fn first(&self, name: &ObjectName, has: impl Fn(&ObjectName) -> bool) -> QualifiedName {
        let path = &self.world.path;
        let places = path.0.iter().map(|schema| ObjectName::within(schema.clone(), name.name.clone()));
        let found = if name.schema.is_none() { places.into_iter().find(has) } else { None };
        found.as_ref().unwrap_or(name).or_in(path.first())
    }
}
