use super::{Alter, Reach};
use crate::catalog::RelationId;
use crate::claim::{Cause, Works};
use crate::replay::claims::target::Target;
use crate::{Lock, QualifiedName, Span};

impl Alter<'_, '_> {
    /// `UNIQUE`.
    pub(super) fn unique(&mut self, span: Span, index: Option<&str>) {
        match index {
            Some(_) => self.here(span, Cause::BuildUnique, Works::NONE),
            None => self.build(span, &Cause::BuildUnique),
        }
    }

    /// `PRIMARY KEY`: its columns become required, too.
    pub(super) fn primary(&mut self, span: Span, columns: &[String], index: Option<&str>) {
        if let Some(name) = index {
            self.here(span, Cause::BuildPrimaryKey, Works::NONE);
            self.require(span, &self.columns_of(name));
        } else {
            self.build(span, &Cause::BuildPrimaryKey);
            self.require(span, columns);
        }
    }

    /// Builds an index; on a partitioned table, one for each partition.
    pub(super) fn build(&mut self, span: Span, cause: &Cause) {
        let only = self.only && self.table.is_partitioned();
        self.here(span, cause.clone(), if only { Works::NONE } else { Works::BUILD });
        if self.only || !self.table.is_partitioned() {
            return;
        }
        for table in self.ledger.below(&self.table) {
            let deed = super::Deed::new(Lock::Share, cause.clone(), span).with(table.own(Works::BUILD));
            self.ledger.on(&table, deed);
        }
    }

    /// The columns of a key that may be null so far are looked through, as by `SET NOT NULL`.
    fn require(&mut self, span: Span, columns: &[String]) {
        let new: Vec<_> = columns.iter().filter(|column| !is_required(&self.table, column)).collect();
        for column in new {
            if self.is_added(column) {
                continue;
            }
            for table in self.reached(Reach::Tree) {
                self.prove_not_null(&table, column, span);
            }
        }
    }

    /// The columns of an index of the table.
    fn columns_of(&self, index: &str) -> Vec<String> {
        let name = QualifiedName::new(self.table.name.schema.clone(), index);
        let index = self.ledger.world.catalog.id(&name).and_then(|(_, relation)| relation.index.as_ref());
        let ours = index.filter(|index| self.table.id().is_none_or(|id: RelationId| index.table == id));
        ours.map(|index| index.columns.iter().flatten().cloned().collect()).unwrap_or_default()
    }
}

fn is_required(table: &Target<'_>, column: &str) -> bool {
    table.column(column).is_some_and(|column| column.not_null)
}
