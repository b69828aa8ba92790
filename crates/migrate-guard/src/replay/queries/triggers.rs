use crate::Span;
use crate::catalog::{RelationId, Trigger};
use crate::ddl::TriggerEvent;
use crate::replay::run::Run;

impl Run<'_, '_> {
    /// Replays the triggers of a relation: those of the statement, and those of its rows where there are any.
    pub(super) fn fire(&mut self, id: RelationId, event: TriggerEvent, rows: bool, span: Span) {
        let Some(relation) = self.world.catalog.get(id) else { return };
        let fires = |trigger: &&Trigger| {
            trigger.enabled && trigger.events.contains(&event) && (rows || !trigger.each_row)
        };
        let functions: Vec<_> =
            relation.triggers.iter().filter(fires).map(|is| is.function.clone()).collect();
        for function in functions {
            self.enter_trigger(&function, span);
        }
    }

    pub(super) fn has_triggers(&self, id: RelationId) -> bool {
        self.world.catalog.get(id).is_some_and(|relation| !relation.triggers.is_empty())
    }
}
