//! Bodies: of `DO`, of functions, of triggers. They are run step by step, as far as the catalog can say where they go.
//!
//! A branch that the catalog decides is taken or left. Of one that it cannot decide both sides are taken, each claim
//! with its condition; what is replayed after it sees what both have made.

mod branch;
mod conditions;
mod failure;
mod flow;
mod handlers;
mod lookup;
mod loops;
pub(super) mod strings;

use super::run::Run;
use crate::Span;
use crate::ddl::{Block, Expr, OpaqueReason, Statement, Step};
pub(super) use failure::condition;
pub(super) use flow::Flow;
use loops::Looped;
use strings::{Guess, is_about_known};

/// How many blocks, branches, loops and functions may stand within one another.
const DEPTH: u32 = 100;

impl Run<'_, '_> {
    /// Replays a block with its variables.
    pub(super) fn block(&mut self, block: &Block) -> Flow {
        let known = self.scope.known();
        for (name, value) in &block.variables {
            let value = value.as_ref().and_then(|value| self.plain(value));
            self.scope.declare(name, value);
        }
        let flow = self.steps(&block.steps);
        self.scope.forget(known);
        flow
    }

    /// Steps one after another. Those behind one that may have led elsewhere depend on that it did not.
    fn steps(&mut self, steps: &[Step]) -> Flow {
        let outer = self.scope.conditions.len();
        let mut so_far = Flow::On;
        for step in steps {
            let flow = self.deeper(step);
            let left = matches!(flow, Flow::Left(_));
            if let Flow::Perhaps(_, condition) = &flow {
                self.scope.conditions.push(condition.clone());
            }
            so_far = so_far.then(flow);
            if left {
                break;
            }
        }
        self.scope.conditions.truncate(outer);
        so_far
    }

    fn deeper(&mut self, step: &Step) -> Flow {
        if self.scope.nesting >= DEPTH {
            self.opaque(Span::default(), OpaqueReason::TooDeep);
            return Flow::On;
        }
        self.scope.nesting += 1;
        let flow = self.one(step);
        self.scope.nesting -= 1;
        flow
    }

    fn one(&mut self, step: &Step) -> Flow {
        match step {
            Step::Statement(statement) => self.statement(statement),
            Step::Execute { span, expr, statements } => self.execute(*span, expr, statements),
            Step::Branch(arms) => self.branch(arms),
            Step::Loop { over, items, rows, variable, body } => {
                let looped = Looped { over, variable: variable.as_deref(), body };
                self.repeat(&looped, items, rows.as_deref())
            }
            Step::Nested { body, handlers } => self.nested(body, handlers),
            Step::Evaluate { into, expr } => self.evaluate(into.as_deref(), expr),
            Step::Leave(leave) => Flow::Left(leave.clone()),
        }
    }

    /// An expression that is evaluated, and perhaps kept.
    fn evaluate(&mut self, into: Option<&str>, expr: &Expr) -> Flow {
        self.read_and_call(expr, into.is_none());
        if let Some(name) = into {
            let value = self.text_of(expr);
            self.scope.assign(name, value);
        }
        Flow::On
    }

    /// What an expression reads and calls; one that is evaluated for nothing is a call made for what it does.
    fn read_and_call(&mut self, expr: &Expr, for_nothing: bool) {
        self.read_each(&expr.reads);
        self.calls_of_expr(expr, for_nothing);
    }

    /// `EXECUTE`: the statements of a string, where it is known.
    fn execute(&mut self, span: Span, expr: &Expr, statements: &[Statement]) -> Flow {
        self.read_and_call(expr, false);
        if !statements.is_empty() {
            return self.all(statements);
        }
        if let Some(text) = self.guess_of(expr) {
            return self.run_text(&text, span);
        }
        self.opaque(span, OpaqueReason::Dynamic);
        Flow::On
    }

    /// The statements of a string. Where something in it is not known, those that still say what they are about.
    fn run_text(&mut self, text: &Guess, span: Span) -> Flow {
        let statements = crate::frontend::statements(&text.text);
        let (read, unread): (Vec<_>, Vec<_>) =
            statements.into_iter().partition(|is| text.is_certain() || is_about_known(is));
        if !unread.is_empty() {
            self.opaque(span, OpaqueReason::Dynamic);
        } else if !text.is_certain() {
            // What is done to them is known as far as it is written, and not what comes of it.
            self.world.doubt(&text.text);
        }
        let mut inner = self.scope.inside(span);
        inner.guessed |= text.guessed;
        let outer = std::mem::replace(&mut self.scope, inner);
        let flow = self.all(&read);
        self.scope = outer;
        flow
    }

    fn all(&mut self, statements: &[Statement]) -> Flow {
        let mut flow = Flow::On;
        for statement in statements {
            flow = flow.then(self.statement(statement));
        }
        flow
    }
}
