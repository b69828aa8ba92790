use super::conditions::{OTHERWISE, opposite, words};
use super::flow::Flow;
use crate::ddl::{Condition, Leave, Step};
use crate::replay::run::Run;

impl Run<'_, '_> {
    /// The branches of an `IF`: those before the first that is certainly taken, if they may be, and that one.
    pub(super) fn branch(&mut self, arms: &[(Condition, Vec<Step>)]) -> Flow {
        let mut open: Vec<(Flow, String)> = Vec::new();
        for (condition, steps) in arms {
            self.ask(condition);
            match self.decide(condition) {
                Some(false) => {}
                Some(true) if open.is_empty() => return self.steps(steps),
                Some(true) => {
                    open.push((self.under(OTHERWISE, steps), OTHERWISE.to_owned()));
                    return joined(open);
                }
                None => {
                    let text = words(condition);
                    open.push((self.under(&text, steps), text));
                }
            }
        }
        open.push((Flow::On, OTHERWISE.to_owned()));
        joined(open)
    }

    /// Steps that are run under a condition that nobody can decide.
    pub(super) fn under(&mut self, condition: &str, steps: &[Step]) -> Flow {
        self.scope.conditions.push(condition.to_owned());
        let flow = self.steps(steps);
        self.scope.conditions.pop();
        flow
    }

    /// What a condition reads and calls to be answered.
    fn ask(&mut self, condition: &Condition) {
        match condition {
            Condition::Not(inner) => self.ask(inner),
            Condition::All(all) | Condition::Any(all) => {
                for one in all {
                    self.ask(one);
                }
            }
            Condition::Unknown { reads, calls, .. } => {
                self.read_each(reads);
                self.calls(calls);
            }
            Condition::Always | Condition::Exists(_) => {}
        }
    }
}

/// Where an `IF` leads to of which nobody knows which branch is taken.
fn joined(open: Vec<(Flow, String)>) -> Flow {
    let leaves = open.iter().map(|(flow, _)| if let Flow::Left(leave) = flow { Some(leave) } else { None });
    let leaves: Option<Vec<&Leave>> = leaves.collect();
    if let Some(first) = leaves.and_then(|leaves| leaves.first().map(|leave| (*leave).clone())) {
        return Flow::Left(first);
    }
    open.into_iter().map(|(flow, text)| perhaps(flow, &text)).fold(Flow::On, Flow::then)
}

fn perhaps(flow: Flow, text: &str) -> Flow {
    match flow {
        Flow::Left(leave) => Flow::Perhaps(leave, opposite(text)),
        other => other,
    }
}
