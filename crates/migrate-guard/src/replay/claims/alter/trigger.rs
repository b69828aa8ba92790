use super::{Alter, Reach};
use crate::Span;
use crate::catalog::Trigger;
use crate::claim::{Cause, Works};

impl Alter<'_, '_> {
    /// `ENABLE | DISABLE TRIGGER`: the triggers for each row of a partitioned table are those of its partitions.
    pub(super) fn trigger(&mut self, span: Span, name: Option<&str>) {
        let named = |trigger: &&Trigger| name.is_none_or(|name| trigger.name == name);
        let triggers = self.table.relation().map_or(&[][..], |relation| &relation.triggers);
        let below =
            self.table.is_partitioned() && triggers.iter().filter(named).any(|trigger| trigger.each_row);
        self.each(if below { Reach::Tree } else { Reach::Here }, span, &Cause::Trigger, Works::NONE);
    }
}
