use super::Alter;
use crate::Span;
use crate::catalog::Constraint;
use crate::claim::{Cause, Works};
use crate::replay::claims::target::Target;

impl<'w> Alter<'_, 'w> {
    /// `DROP COLUMN`, and the foreign keys that the column is part of.
    pub(super) fn drop_column(&mut self, span: Span, name: &str, if_exists: bool, cascade: bool) {
        let missing = if_exists && self.table.column(name).is_none() && self.table.is_complete();
        if missing {
            return self.here(span, Cause::DropColumn, Works::NONE);
        }
        for table in self.having() {
            let deed = self.deed(span, Cause::DropColumn);
            self.ledger.on(&table, deed);
            self.own_keys(&table, name, span);
        }
        if cascade {
            self.keys_on(span, |referenced| referenced.iter().any(|column| column == name));
            self.ledger.views_of_columns(&self.table, &[name], span);
        }
    }

    /// The tables that have what is dropped; with `ONLY`, those directly below get it for their own.
    pub(super) fn having(&self) -> Vec<Target<'w>> {
        if !self.only {
            return self.ledger.tree(&self.table);
        }
        let children = self.table.relation().map_or(&[][..], |relation| &relation.children);
        let children = children.iter().filter_map(|id| self.ledger.at(*id));
        std::iter::once(self.table.clone()).chain(children).collect()
    }

    fn own_keys(&mut self, table: &Target<'w>, column: &str, span: Span) {
        let part = |_: &Constraint, columns: &[String]| columns.iter().any(|part| part == column);
        for referenced in self.ledger.references(table, part) {
            self.ledger.lose_peer(&referenced, table, span);
        }
    }
}
