use super::flow::Flow;
use crate::ddl::{Block, Handler, Leave, Step};
use crate::replay::run::Run;

impl Run<'_, '_> {
    /// A block with handlers. What it did is taken back where an error that they handle is certain.
    pub(super) fn nested(&mut self, body: &Block, handlers: &[Handler]) -> Flow {
        if handlers.is_empty() {
            return self.block(body);
        }
        let mark = self.world.catalog.mark();
        let before = std::mem::take(&mut self.outcome);
        let outer = std::mem::replace(&mut self.scope.handled, true);
        let flow = self.block(body);
        self.scope.handled = outer;
        let handler = raised(&flow).and_then(|error| handlers.iter().find(|handler| handler.handles(error)));
        let flow = if let Some(handler) = handler {
            self.world.catalog.roll_back(mark);
            self.outcome = before;
            self.steps(&handler.body)
        } else {
            let done = std::mem::replace(&mut self.outcome, before);
            self.outcome.absorb(done);
            self.perhaps_handled(handlers);
            flow
        };
        self.world.catalog.release(mark);
        flow
    }

    /// Handlers of errors that no catalog foresees: what they do is said, and nothing is replayed on it.
    fn perhaps_handled(&mut self, handlers: &[Handler]) {
        for handler in handlers.iter().filter(|handler| handler.does_something() && !handler.is_foreseen()) {
            let mark = self.world.catalog.mark();
            self.under(&format!("if {} is raised", handler.conditions.join(" or ")), &handler.body);
            self.world.catalog.roll_back(mark);
            self.world.catalog.release(mark);
        }
    }
}

fn raised(flow: &Flow) -> Option<&str> {
    match flow {
        Flow::Left(Leave::Raise(error)) => Some(error),
        _ => None,
    }
}

impl Handler {
    /// Whether it handles an error: by its name, by its class, or whatever it is.
    fn handles(&self, error: &str) -> bool {
        let state = state_of(error);
        let by_state = |condition: &str| state.is_some_and(|state| condition.contains(state));
        self.conditions
            .iter()
            .any(|is| is == error || is == "others" || by_state(is) || is_class_of(is, state))
    }

    /// Whether it only handles errors that replaying the statement itself foresees.
    fn is_foreseen(&self) -> bool {
        self.conditions.iter().all(|condition| {
            STATES.iter().any(|(name, state)| condition == name || condition.contains(state))
        })
    }

    fn does_something(&self) -> bool {
        !self.body.iter().all(|step| matches!(step, Step::Evaluate { .. } | Step::Leave(_)))
    }
}

/// `syntax_error_or_access_rule_violation` is the class of all of them.
fn is_class_of(condition: &str, state: Option<&str>) -> bool {
    condition == "syntax_error_or_access_rule_violation" && state.is_some_and(|state| state.starts_with("42"))
}

fn state_of(error: &str) -> Option<&'static str> {
    STATES.iter().find(|(name, _)| *name == error).map(|(_, state)| *state)
}

/// The errors of statements that meet a schema other than the one they were written for (appendix A of the manual).
const STATES: [(&str, &str); 13] = [
    ("duplicate_column", "42701"),
    ("duplicate_function", "42723"),
    ("duplicate_object", "42710"),
    ("duplicate_schema", "42p06"),
    ("duplicate_table", "42p07"),
    ("invalid_schema_name", "3f000"),
    ("invalid_table_definition", "42p16"),
    ("undefined_column", "42703"),
    ("undefined_function", "42883"),
    ("undefined_object", "42704"),
    ("undefined_table", "42p01"),
    ("wrong_object_type", "42809"),
    ("dependent_objects_still_exist", "2bp01"),
];
