use super::Alter;
use super::bound::proves_partition;
use crate::catalog::{Constraint, ConstraintKind, IndexInfo};
use crate::claim::{Cause, Works};
use crate::ddl::Bound;
use crate::replay::claims::ledger::Deed;
use crate::replay::claims::target::Target;
use crate::{Lock, ObjectName, Span};

impl<'w> Alter<'_, 'w> {
    /// `ATTACH PARTITION`: the rows of the new partition are read unless checks prove that they belong there, those of
    /// the default partition unless checks prove that they do not.
    pub(super) fn attach(&mut self, span: Span, child: &ObjectName, bound: &Bound) {
        self.here(span, Cause::Attach, Works::NONE);
        let Some(child) = self.ledger.find(child) else { return };
        self.rows_of_child(span, &child, bound);
        if *bound != Bound::Default {
            self.ledger.not_in_default(&self.table, bound, span, &Cause::Attach);
        }
        self.keys_of_whole(span, &child);
        self.ledger.keys_on_whole(&self.table, span, &Cause::Attach);
    }

    fn rows_of_child(&mut self, span: Span, child: &Target<'w>, bound: &Bound) {
        let proven = proves_partition(&self.table, child, bound);
        let rows = if proven == Some(true) { Works::NONE } else { Works::SCAN };
        for table in self.ledger.tree(child) {
            let built = if self.lacks_index(&table) { Works::BUILD } else { Works::NONE };
            let work = table.own(rows.and(built));
            let deed = Deed::new(Lock::AccessExclusive, Cause::Attach, span).with(work);
            self.ledger.on(&table, deed.assumed_if(proven.is_none()));
        }
    }

    /// Whether the whole has an index that the partition has nothing like.
    fn lacks_index(&self, child: &Target<'w>) -> bool {
        let have = self.indexes_of(child);
        self.indexes_of(&self.table).iter().any(|wanted| !have.iter().any(|index| alike(index, wanted)))
    }

    pub(super) fn indexes_of(&self, table: &Target<'w>) -> Vec<&'w IndexInfo> {
        let ids = table.relation().map_or(&[][..], |relation| &relation.indexes);
        ids.iter().filter_map(|id| self.ledger.world.catalog.get(*id)?.index.as_ref()).collect()
    }

    /// Foreign keys of the whole: the partition's own is taken for one that is alike; another is made and proven.
    fn keys_of_whole(&mut self, span: Span, child: &Target<'w>) {
        let keys = self.table.relation().map_or(&[][..], |relation| &relation.constraints);
        for key in keys {
            let ConstraintKind::Foreign { references, .. } = key.kind else { continue };
            let own =
                child.relation().is_some_and(|child| child.constraints.iter().any(|own| same_key(own, key)));
            let lock = if own { Lock::AccessExclusive } else { Lock::ShareRowExclusive };
            let referenced = self.ledger.at(references).map(|table| self.ledger.partitions_too(&table));
            let deed = Deed::new(lock, Cause::Attach, span);
            self.ledger.on_each(&referenced.unwrap_or_default(), &deed);
            if !own && key.valid {
                self.prove_key(span, child);
            }
        }
    }

    fn prove_key(&mut self, span: Span, child: &Target<'w>) {
        for table in self.ledger.partitions_too(child) {
            let deed = Deed::new(Lock::AccessExclusive, Cause::ProveForeignKey, span);
            let deed = deed.with(table.own(Works::SCAN));
            self.ledger.on(&table, deed);
        }
    }
}

/// Whether one index can be the part of the other (`CompareIndexInfo`).
pub(in crate::replay::claims) fn alike(index: &IndexInfo, whole: &IndexInfo) -> bool {
    index.columns == whole.columns
        && index.unique == whole.unique
        && index.method == whole.method
        && index.partial == whole.partial
        && index.part_of.is_none()
        && index.valid
}

fn same_key(one: &Constraint, other: &Constraint) -> bool {
    match (&one.kind, &other.kind) {
        (
            ConstraintKind::Foreign { columns: one, references: to, .. },
            ConstraintKind::Foreign { columns: other, references, .. },
        ) => one == other && to == references,
        _ => false,
    }
}
