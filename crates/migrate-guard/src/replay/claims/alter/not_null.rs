use super::{Alter, Reach};
use crate::Span;
use crate::claim::{Cause, Works};
use crate::replay::claims::ask::proves_not_null;
use crate::replay::claims::target::Target;

impl<'w> Alter<'_, 'w> {
    /// `SET NOT NULL`.
    pub(super) fn set_not_null(&mut self, span: Span, column: &str) {
        for table in self.made_required(column) {
            self.prove_not_null(&table, column, span);
        }
    }

    /// `NOT NULL column` as a constraint of the table.
    pub(super) fn not_null_constraint(&mut self, span: Span, column: &str, proven: bool) {
        if proven {
            self.set_not_null(span, column);
        } else {
            self.each(Reach::Tree, span, &Cause::ProveNotNull, Works::NONE);
        }
    }

    /// `DROP NOT NULL`.
    pub(super) fn drop_not_null(&mut self, span: Span, column: &str) {
        let there = self.table.column(column).is_none_or(|column| column.not_null);
        let reach = if there || !self.ledger.pg().at_least(18) { Reach::Tree } else { Reach::Here };
        self.each(reach, span, &Cause::DropNotNull, Works::NONE);
    }

    /// What below a table is asked: nothing where the table itself is known to have it all (`ATPrepSetNotNull`).
    fn made_required(&self, column: &str) -> Vec<Target<'w>> {
        let already = self.table.column(column).is_some_and(|column| column.not_null);
        let stops = already && (self.table.is_partitioned() || self.ledger.pg().at_least(18));
        self.reached(if stops { Reach::Here } else { Reach::Tree })
    }

    /// The rows of a table are read, unless the column is required already or a check proves it.
    pub(super) fn prove_not_null(&mut self, table: &Target<'w>, column: &str, span: Span) {
        let required = table.column(column).is_some_and(|column| column.not_null);
        let (cause, work) = match proves_not_null(table, column, &self.beside.dropped) {
            _ if required => (Cause::ProveNotNull, Works::NONE),
            Some(check) => (Cause::NotNullProven(check.to_owned()), Works::NONE),
            None => (Cause::ProveNotNull, Works::SCAN),
        };
        let assumed = table.may_have(column) && !self.is_added(column);
        let deed = self.deed(span, cause).with(table.own(work)).assumed_if(assumed);
        self.ledger.on(table, deed);
    }

    /// Whether the same statement makes the column.
    pub(super) fn is_added(&self, name: &str) -> bool {
        self.beside.added.contains(name)
    }
}
