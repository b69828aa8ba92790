use rustc_hash::FxHashSet;

use super::exclusively;
use crate::Span;
use crate::catalog::{Constraint, ConstraintId, ConstraintKind, Loss, RelationId, Target as Gone};
use crate::claim::{Cause, RelationKind};
use crate::replay::claims::ledger::Ledger;
use crate::replay::claims::target::Target;

impl<'w> Ledger<'w> {
    /// Locks of all that goes, and of what loses a part of it.
    pub(in crate::replay::claims) fn lose(&mut self, gone: &[Gone<'_>], span: Span) {
        let losses = self.world.catalog.losses(gone);
        let lost: FxHashSet<_> = losses.iter().filter_map(Loss::relation).collect();
        for loss in losses {
            match loss {
                Loss::Relation(id) => self.lose_relation(id, &lost, span),
                Loss::Constraint(id, constraint) => self.lose_constraint(id, constraint, span),
                Loss::Column(id, name) => self.lose_column(id, &name, span),
                Loss::Part(id) => self.exclude(id, Cause::Other("CASCADE"), span),
            }
        }
    }

    fn exclude(&mut self, id: RelationId, cause: Cause, span: Span) {
        if let Some(target) = self.at(id) {
            self.on(&target, exclusively(cause, span));
        }
    }

    fn lose_relation(&mut self, id: RelationId, lost: &FxHashSet<RelationId>, span: Span) {
        let Some(target) = self.at(id) else { return };
        let view = matches!(target.kind(), RelationKind::View | RelationKind::MaterializedView);
        self.exclude(id, if view { Cause::Other("DROP VIEW") } else { Cause::DropTable }, span);
        let whole = target.relation().and_then(|relation| relation.partition_of);
        if let Some(whole) = whole.filter(|whole| !lost.contains(whole)).and_then(|whole| self.at(whole)) {
            self.leave_whole(&whole, span);
        }
        for referenced in self.references(&target, |key, _| key.part_of.is_none()) {
            self.lose_peer(&referenced, &target, span);
        }
    }

    /// A partition leaves its table, whose default partition may then take more, and whose keys no longer see it.
    fn leave_whole(&mut self, whole: &Target<'w>, span: Span) {
        self.on(whole, exclusively(Cause::DropTable, span));
        if let Some(default) = self.default_partition(whole).first() {
            self.on(default, exclusively(Cause::DropTable, span));
        }
        for pointing in self.pointing_at(whole) {
            self.on(&pointing.from, exclusively(Cause::DropForeignKey, span));
        }
    }

    fn lose_constraint(&mut self, id: RelationId, constraint: ConstraintId, span: Span) {
        let Some(target) = self.at(id) else { return };
        let constraints = target.relation().map_or(&[][..], |relation| &relation.constraints);
        let lost = constraints.iter().find(|own| own.id == constraint);
        self.on(&target, exclusively(cause_of(lost), span));
        if let Some(ConstraintKind::Foreign { references, .. }) = lost.map(|lost| &lost.kind)
            && let Some(referenced) = self.at(*references)
        {
            self.lose_peer(&referenced, &target, span);
        }
    }

    fn lose_column(&mut self, id: RelationId, name: &str, span: Span) {
        let Some(target) = self.at(id).filter(|target| target.kind() != RelationKind::Composite) else {
            return;
        };
        self.on(&target, exclusively(Cause::DropColumn, span));
        self.views_of_columns(&target, &[name], span);
    }

    /// The tables that have triggers of a foreign key that points at a table. Before version 15, a partitioned table had
    /// none of its own.
    fn referenced_parts(&self, referenced: &Target<'w>) -> Vec<Target<'w>> {
        let skipped = usize::from(referenced.is_partitioned() && !self.pg().at_least(15));
        self.partitions_too(referenced).split_off(skipped)
    }

    /// The other table of a foreign key: its triggers go.
    pub(in crate::replay::claims) fn lose_peer(
        &mut self,
        referenced: &Target<'w>,
        own: &Target<'w>,
        span: Span,
    ) {
        for table in self.referenced_parts(referenced) {
            if table != *own {
                self.on(&table, exclusively(Cause::DropForeignKey, span));
            }
        }
    }

    /// Views over a table that show one of `columns`. Those that only use it are not known.
    pub(in crate::replay::claims) fn views_of_columns(
        &mut self,
        table: &Target<'w>,
        columns: &[&str],
        span: Span,
    ) {
        for view in self.views_over(table) {
            let known = view.relation().map_or(&[][..], |view| &view.columns);
            if known.is_empty() || known.iter().any(|column| columns.contains(&column.name.as_str())) {
                self.on(&view, exclusively(Cause::DropColumn, span).assumed_if(true));
            }
        }
    }
}

fn cause_of(lost: Option<&Constraint>) -> Cause {
    match lost.map(|lost| &lost.kind) {
        Some(ConstraintKind::Foreign { .. }) => Cause::DropForeignKey,
        _ => Cause::DropConstraint,
    }
}
