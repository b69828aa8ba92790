use super::{Alter, Reach};
use crate::catalog::{Column, Constraint, ConstraintKind, IndexInfo};
use crate::claim::{Cause, Works};
use crate::ddl::{Expr, TypeRef};
use crate::replay::claims::ledger::Deed;
use crate::replay::claims::retype::{Outcome, outcome};
use crate::replay::claims::target::Target;
use crate::{Lock, ObjectName, Span, TimeZone};

/// What decides about `timestamp` and `timestamptz`.
const UNLESS_UTC: &str = "unless TimeZone is UTC";

/// What `ALTER COLUMN … TYPE` says.
#[derive(Clone, Copy, Debug)]
pub(super) struct New<'a> {
    pub(super) ty: &'a TypeRef,
    pub(super) collation: Option<&'a ObjectName>,
    pub(super) using: Option<&'a Expr>,
}

/// What else has to be looked at, though the bytes stay.
#[derive(Clone, Copy, Debug)]
struct Kept {
    /// The operators that the column is compared and ordered with are the same.
    same_operators: bool,
    /// So is the order of its strings.
    same_order: bool,
}

impl<'w> Alter<'_, 'w> {
    /// `ALTER COLUMN … TYPE`.
    pub(super) fn column_type(&mut self, span: Span, name: &str, new: &New<'_>) {
        for table in self.reached(Reach::Tree) {
            let old = table.column(name);
            let from = old.and_then(|column| column.ty.as_ref());
            let outcome = outcome(self.ledger.world, name, from, new.ty, new.using);
            let same_order = old.is_none_or(|column| same_order(column, new));
            let checked = self.retyped(span, &table, (name, new), (outcome, same_order));
            self.keys_of(span, &table, name, checked);
        }
    }

    /// What is done to one table; whether its foreign keys are proven again.
    fn retyped(
        &mut self,
        span: Span,
        table: &Target<'w>,
        (name, new): (&str, &New<'_>),
        (outcome, same_order): (Option<Outcome>, bool),
    ) -> bool {
        let from = table.column(name).and_then(|column| column.ty.clone());
        let to = new.ty.clone();
        let rewrite = self.deed(span, Cause::RewriteType { from, to }).with(table.rewrite());
        match outcome {
            None => self.ledger.on(table, rewrite.assumed_if(true)),
            Some(Outcome::Rewrite) => self.ledger.on(table, rewrite),
            Some(Outcome::Keep { same_operators }) => {
                self.kept(span, table, (name, new), Kept { same_operators, same_order });
                return !same_operators;
            }
            Some(Outcome::KeepInUtc) => self.kept_in_utc(span, table, (name, new), rewrite),
        }
        true
    }

    fn kept_in_utc(&mut self, span: Span, table: &Target<'w>, new: (&str, &New<'_>), rewrite: Deed) {
        let kept = Kept { same_operators: false, same_order: true };
        match self.ledger.world.time_zone {
            TimeZone::Other => return self.ledger.on(table, rewrite),
            TimeZone::Unknown => self.ledger.on(table, rewrite.when(UNLESS_UTC)),
            TimeZone::Utc => {}
        }
        self.kept(span, table, new, kept);
    }

    fn kept(&mut self, span: Span, table: &Target<'w>, (name, new): (&str, &New<'_>), kept: Kept) {
        let work = self.indexes(table, name, kept).and(checks(table, name));
        let from = table.column(name).and_then(|column| column.ty.clone());
        let (cause, work) = match work {
            Works::NONE if self.is_indexed_by(table, name) => (Cause::KeepIndex, Works::INDEX),
            Works::NONE => (Cause::WidenType, Works::NONE),
            work => (Cause::ReindexType { from, to: new.ty.clone() }, work),
        };
        let deed = self.deed(span, cause).with(table.own(work));
        self.ledger.on(table, deed);
    }

    fn indexes(&self, table: &Target<'w>, column: &str, kept: Kept) -> Works {
        let mut rebuilt = self.indexes_of(table).into_iter().filter(|index| is_rebuilt(index, column, kept));
        if rebuilt.next().is_some() { Works::BUILD } else { Works::NONE }
    }

    fn is_indexed_by(&self, table: &Target<'w>, column: &str) -> bool {
        self.indexes_of(table).iter().any(|index| index.columns.iter().flatten().any(|part| part == column))
    }

    /// Foreign keys of the column are made anew on both sides, and proven again if its operators are others.
    fn keys_of(&mut self, span: Span, table: &Target<'w>, name: &str, checked: bool) {
        let part = |columns: &[String]| columns.iter().any(|column| column == name);
        for referenced in self.ledger.references(table, |_, columns| part(columns)) {
            self.peer(&referenced, span);
        }
        let valid = |key: &Constraint, columns: &[String]| key.valid && part(columns);
        if checked && !self.ledger.references(table, valid).is_empty() {
            let deed = self.deed(span, Cause::ProveForeignKey).with(table.own(Works::SCAN));
            self.ledger.on(table, deed);
        }
        let pointing = self.ledger.pointing_at(table);
        for key in pointing.iter().filter(|key| part(key.referenced)) {
            let work = if checked && key.key.valid { Works::SCAN } else { Works::NONE };
            self.proven_again(span, &key.from, work);
        }
    }

    fn proven_again(&mut self, span: Span, from: &Target<'w>, work: Works) {
        for table in self.ledger.partitions_too(from) {
            let deed = Deed::new(Lock::AccessExclusive, Cause::ProveForeignKey, span).with(table.own(work));
            self.ledger.on(&table, deed);
        }
    }
}

/// Whether an index is built anew (`CheckIndexCompatible`): one with expressions or a predicate, one of other operators
/// or another order, and that of a partition, which is made as part of the whole.
fn is_rebuilt(index: &IndexInfo, column: &str, kept: Kept) -> bool {
    let key = index.columns.iter().flatten().any(|part| part == column);
    let mentions = index.mentions.iter().any(|part| part == column);
    let plain = !index.partial && index.columns.iter().all(Option::is_some);
    let kept = plain && index.part_of.is_none() && kept.same_operators && kept.same_order;
    mentions || (key && !kept)
}

/// A check that names the column is made anew, and proven unless it was not.
fn checks(table: &Target<'_>, column: &str) -> Works {
    let constraints = table.relation().map_or(&[][..], |relation| &relation.constraints);
    let named = constraints.iter().any(|check| check.valid && check.enforced && names(check, column));
    if named { Works::SCAN } else { Works::NONE }
}

fn names(check: &Constraint, column: &str) -> bool {
    matches!(&check.kind, ConstraintKind::Check { columns, .. } if columns.iter().any(|named| named == column))
}

/// Without `COLLATE`, a column gets the collation of its new type.
fn same_order(old: &Column, new: &New<'_>) -> bool {
    let plain = |name: &ObjectName| (name.name != "default").then(|| name.name.clone());
    old.collation.as_ref().and_then(plain) == new.collation.and_then(plain)
}
