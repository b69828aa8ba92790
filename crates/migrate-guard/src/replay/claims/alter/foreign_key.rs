use super::{Alter, Reach};
use crate::claim::{Cause, Works};
use crate::ddl::ConstraintKind;
use crate::replay::claims::ledger::{Deed, Ledger};
use crate::replay::claims::target::Target;
use crate::{Lock, ObjectName, Span};

/// What a foreign key names.
#[derive(Clone, Copy, Debug)]
pub(in crate::replay::claims) struct References<'a> {
    /// The table.
    pub(in crate::replay::claims) table: &'a ObjectName,
    /// Where.
    pub(in crate::replay::claims) span: Span,
}

impl References<'_> {
    /// The referenced table, and its partitions: triggers are made on each.
    pub(in crate::replay::claims) fn lock(
        self,
        ledger: &mut Ledger<'_>,
        cause: &Cause,
        own: Option<&Target<'_>>,
    ) {
        let Some(table) = ledger.find(self.table) else { return };
        let asked = *cause == Cause::ProveForeignKey && own.is_some_and(holds_rows);
        let work = if asked { Works::SCAN } else { Works::NONE };
        for table in ledger.partitions_too(&table) {
            if own.is_none_or(|own| *own != table) {
                let deed = Deed::new(Lock::ShareRowExclusive, cause.clone(), self.span);
                ledger.on(&table, deed.with(table.own(work)));
            }
        }
    }
}

/// Rows that point somewhere are looked for there.
fn holds_rows(table: &Target<'_>) -> bool {
    table.relation().is_some_and(|relation| relation.written)
}

impl Alter<'_, '_> {
    /// `FOREIGN KEY`, whose rows are `proven`, or none of them is asked.
    pub(super) fn foreign_key(&mut self, span: Span, kind: &ConstraintKind, proven: bool) {
        let ConstraintKind::Foreign { references, .. } = kind else { return };
        let cause = if proven { Cause::ProveForeignKey } else { Cause::AddForeignKey };
        let reach = if self.table.is_partitioned() { Reach::Tree } else { Reach::Here };
        self.each(reach, span, &cause, if proven { Works::SCAN } else { Works::NONE });
        References { table: references, span }.lock(self.ledger, &cause, Some(&self.table));
    }
}
