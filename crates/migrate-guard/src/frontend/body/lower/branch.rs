use std::ops::Range;

use super::super::syntax::Arm;
use super::fragment::SELECT;
use super::known::Here;
use super::{Lowering, evaluate};
use crate::ddl::{Condition, Expr, Step};
use crate::frontend::condition::condition;

impl Lowering<'_> {
    /// `IF`: all conditions speak of what was before it.
    pub(super) fn branch(&mut self, arms: &[Arm]) -> Step {
        let conditions: Vec<_> = arms.iter().map(|arm| self.condition(arm.condition.as_ref())).collect();
        self.arms(conditions, arms)
    }

    /// `CASE`, which computes its subject first.
    pub(super) fn case(&mut self, subject: Option<&Range<usize>>, arms: &[Arm], steps: &mut Vec<Step>) {
        let Some(subject) = subject else {
            let step = self.branch(arms);
            return steps.push(step);
        };
        let subject = self.expr(subject);
        let conditions = arms.iter().map(|arm| self.equals(&subject, arm.condition.as_ref())).collect();
        steps.push(evaluate(None, subject));
        let step = self.arms(conditions, arms);
        steps.push(step);
    }

    fn arms(&mut self, conditions: Vec<Condition>, arms: &[Arm]) -> Step {
        let bodies = arms.iter().map(|arm| self.steps(&arm.body)).collect::<Vec<_>>();
        Step::Branch(conditions.into_iter().zip(bodies).collect())
    }

    pub(super) fn condition(&mut self, range: Option<&Range<usize>>) -> Condition {
        let Some(range) = range else { return Condition::Always };
        let here = Here { lowering: self, at: range.start };
        let read = here.lowering.fragment(SELECT, range, None, |select, cx| condition(select, cx, &here));
        read.unwrap_or_else(|reason| said(self.not_read(range, reason)))
    }

    /// `CASE subject WHEN a, b`.
    fn equals(&mut self, subject: &Expr, range: Option<&Range<usize>>) -> Condition {
        let Some(range) = range else { return Condition::Always };
        let value = self.expr(range);
        said(Expr { text: format!("{} = {}", subject.text, value.text), ..value })
    }
}

fn said(expr: Expr) -> Condition {
    Condition::Unknown { text: expr.text, reads: expr.reads, calls: expr.calls }
}
