use std::ops::Range;

use super::Lowering;
use crate::ddl::{Leave, Step};

impl Lowering<'_> {
    /// `RETURN`.
    pub(super) fn returned(&mut self, exprs: &[Range<usize>], steps: &mut Vec<Step>) {
        self.evaluated(exprs, steps);
        steps.push(Step::Leave(Leave::Return));
    }

    /// `RAISE`.
    pub(super) fn raised(
        &mut self,
        exprs: &[Range<usize>],
        condition: Option<&String>,
        steps: &mut Vec<Step>,
    ) {
        self.evaluated(exprs, steps);
        steps.extend(condition.map(|condition| Step::Leave(Leave::Raise(condition.clone()))));
    }

    /// `EXIT`, `CONTINUE`. With a label nobody knows here how far it goes: what follows is taken to be run.
    pub(super) fn exit(
        &mut self,
        again: bool,
        label: bool,
        when: Option<&Range<usize>>,
        steps: &mut Vec<Step>,
    ) {
        let leave = if again { Leave::Continue } else { Leave::Exit };
        let inner = if label { Vec::new() } else { vec![Step::Leave(leave)] };
        match when {
            Some(range) => steps.push(Step::Branch(vec![(self.condition(Some(range)), inner)])),
            None => steps.extend(inner),
        }
    }
}
