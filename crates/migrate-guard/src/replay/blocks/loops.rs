use super::conditions::opposite;
use super::flow::Flow;
use crate::ddl::{Expr, Leave, Step, Value};
use crate::replay::run::Run;

/// The condition of what stands in a loop that may not be run at all.
const IN_LOOP: &str = "if the loop is run";

/// The most rounds that are run one by one.
const MAX_ROUNDS: i64 = 1 << 10;

impl Run<'_, '_> {
    /// What a loop runs over, one by one, where that is known: constants, or numbers between two that are known.
    pub(super) fn items_of(&self, over: &Expr, items: &[Value]) -> Option<Vec<Option<String>>> {
        if !items.is_empty() {
            return Some(items.iter().map(|item| self.plain(item)).collect());
        }
        let (from, to) = self.bounds_of(over)?;
        let rounds = to.checked_sub(from)?;
        (rounds < MAX_ROUNDS).then(|| (from..=to).map(|number| Some(number.to_string())).collect())
    }

    /// A loop over what is known: its body for each of them.
    pub(super) fn each(&mut self, items: &[Option<String>], variable: Option<&str>, body: &[Step]) -> Flow {
        let mut so_far = Flow::On;
        for item in items {
            match self.round(variable, item.clone(), body) {
                Flow::Left(Leave::Exit) => break,
                flow => so_far = so_far.then(flow.out_of_loop()),
            }
            if matches!(so_far, Flow::Left(_)) {
                break;
            }
        }
        so_far
    }

    /// A loop over something else: its body once. That of a bare `LOOP` is certainly run.
    pub(super) fn once(&mut self, over: &Expr, variable: Option<&str>, body: &[Step]) -> Flow {
        self.read_and_call(over, false);
        if over.text.is_empty() && over.reads.is_empty() {
            return self.round(variable, None, body).out_of_loop();
        }
        let rowless = self.scope.rowless;
        self.scope.rowless |= !self.world.has_rows(&over.reads);
        self.scope.conditions.push(IN_LOOP.to_owned());
        let flow = self.round(variable, None, body).out_of_loop();
        self.scope.conditions.pop();
        self.scope.rowless = rowless;
        match flow {
            Flow::Left(leave) => Flow::Perhaps(leave, opposite(IN_LOOP)),
            other => other,
        }
    }

    fn round(&mut self, variable: Option<&str>, value: Option<String>, body: &[Step]) -> Flow {
        let known = self.scope.known();
        if let Some(name) = variable {
            self.scope.declare(name, value);
        }
        let flow = self.steps(body);
        self.scope.forget(known);
        flow
    }
}
