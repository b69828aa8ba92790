//! From a body's own syntax to the steps it takes.

mod branch;
mod execute;
mod fragment;
mod items;
mod known;
mod leave;
mod loops;
mod sql;

use std::cell::Cell;
use std::ops::Range;

pub(super) use self::fragment::SELECT;
pub(in crate::frontend) use self::fragment::selected;
use super::super::source::Source;
use super::Known;
use super::parse::Parsed;
use super::reader::Broken;
use super::syntax::{BlockNode, HandlerNode, Node, NodeKind, Target};
use super::variables::Variables;
use crate::Span;
use crate::ddl::{Block, Expr, Handler, Opaque, OpaqueReason, Statement, Step, Value};

/// The block of a body in PL/pgSQL, and what in it was not understood.
pub(super) fn plpgsql(
    source: &Source<'_>,
    (node, broken): &Parsed,
    parameters: Vec<String>,
) -> (Block, Vec<Opaque>) {
    let mut lowering = Lowering::new(source, Variables::of(node, parameters));
    lowering.broken(broken);
    let block = if node.handlers.is_empty() { lowering.block(node) } else { lowering.guarded(node) };
    (block, lowering.opaque)
}

/// The block of a body in SQL, and what in it was not understood.
pub(super) fn sql(statements: Vec<Statement>) -> (Block, Vec<Opaque>) {
    let opaque = statements.iter().flat_map(|statement| statement.opaque.iter().cloned()).collect();
    let steps = statements.into_iter().map(super::step).collect();
    (Block { steps, ..Block::default() }, opaque)
}

/// A body while it is lowered.
struct Lowering<'s> {
    source: &'s Source<'s>,
    variables: Variables,
    /// The SQL of the bodies in it.
    known: Known,
    opaque: Vec<Opaque>,
    /// The query before the statement at hand, which `FOUND` speaks of.
    before: Option<known::Question>,
    /// How many bytes were read that were read before: there is an end to it.
    spent: Cell<usize>,
}

impl<'s> Lowering<'s> {
    fn new(source: &'s Source<'s>, variables: Variables) -> Self {
        Self {
            source,
            variables,
            known: Known::default(),
            opaque: Vec::new(),
            before: None,
            spent: Cell::new(0),
        }
    }

    fn broken(&mut self, broken: &[(Range<usize>, Broken)]) {
        for (range, why) in broken {
            let reason = match why {
                Broken::Syntax(expected) => {
                    OpaqueReason::Syntax(format!("{expected} was expected in the body"))
                }
                Broken::TooDeep => OpaqueReason::TooDeep,
            };
            self.opaque.push(Opaque { span: self.span(range), reason });
        }
    }

    fn span(&self, range: &Range<usize>) -> Span {
        self.source.span(range.start, range.end)
    }

    /// A block whose variables start from values; those that must be computed are computed first.
    fn block(&mut self, node: &BlockNode) -> Block {
        let mut block = Block { span: self.span(&node.span), ..Block::default() };
        for made in &node.declarations {
            let start = made.default.as_ref().map(|default| self.expr(default));
            let plain = made.query.is_none() && made.alias.is_none();
            match start {
                Some(expr) if expr.value == Value::Computed => {
                    block.variables.push((made.name.clone(), None));
                    block.steps.push(evaluate(Some(made.name.clone()), expr));
                }
                Some(expr) => block.variables.push((made.name.clone(), Some(expr.value))),
                None => block.variables.push((made.name.clone(), plain.then_some(Value::Null))),
            }
        }
        let steps = self.steps(&node.body);
        block.steps.extend(steps);
        block
    }

    /// A block with handlers, as a step of one without.
    fn guarded(&mut self, node: &BlockNode) -> Block {
        let span = self.span(&node.span);
        Block { span, steps: vec![self.nested(node)], ..Block::default() }
    }

    fn nested(&mut self, node: &BlockNode) -> Step {
        let body = self.block(node);
        let handlers = node.handlers.iter().map(|handler| self.handler(handler)).collect();
        Step::Nested { body, handlers }
    }

    fn handler(&mut self, node: &HandlerNode) -> Handler {
        Handler { conditions: node.conditions.clone(), body: self.steps(&node.body) }
    }

    fn steps(&mut self, nodes: &[Node]) -> Vec<Step> {
        let mut steps = Vec::new();
        let mut before = None;
        for node in nodes {
            self.before = before;
            self.node(node, &mut steps);
            before = known::Question::of(node);
        }
        steps
    }

    fn node(&mut self, node: &Node, steps: &mut Vec<Step>) {
        match &node.kind {
            NodeKind::Block(block) => steps.push(self.nested(block)),
            NodeKind::Assign { target, expr } => {
                let expr = self.expr(expr);
                steps.push(evaluate(Some(variable(target)), expr));
            }
            NodeKind::If(arms) => steps.push(self.branch(arms)),
            NodeKind::Case { subject, arms } => self.case(subject.as_ref(), arms, steps),
            NodeKind::Loop { over, variables, body } => self.looped(over, variables, body, steps),
            NodeKind::Execute { expr, into, using } => {
                self.evaluated(using, steps);
                steps.push(self.execute(&node.span, expr));
                set(into, steps);
            }
            NodeKind::Sql { text, into } => self.sql(text, into.as_ref(), steps),
            NodeKind::Perform(range) => self.perform(range, steps),
            NodeKind::Query(text) => self.sql(text, None, steps),
            NodeKind::Open(cursor) => self.open(cursor, steps),
            NodeKind::Evaluate(exprs) => self.evaluated(exprs, steps),
            NodeKind::Return(exprs) => self.returned(exprs, steps),
            NodeKind::Raise { exprs, condition } => self.raised(exprs, condition.as_ref(), steps),
            NodeKind::Exit { again, label, when } => self.exit(*again, *label, when.as_ref(), steps),
            NodeKind::Set(targets) => set(targets, steps),
            NodeKind::Nothing => {}
        }
    }

    /// Expressions that are evaluated for nothing, where that reads or calls something.
    fn evaluated(&mut self, exprs: &[Range<usize>], steps: &mut Vec<Step>) {
        for range in exprs {
            let expr = self.expr(range);
            if !expr.reads.is_empty() || !expr.calls.is_empty() {
                steps.push(evaluate(None, expr));
            }
        }
    }
}

fn evaluate(into: Option<String>, expr: Expr) -> Step {
    Step::Evaluate { into, expr: Box::new(expr) }
}

/// Variables that are set to what is not known.
fn set(targets: &[Target], steps: &mut Vec<Step>) {
    steps.extend(targets.iter().map(|target| evaluate(Some(variable(target)), Expr::default())));
}

/// A variable's name; a part of one is none that anybody asks for.
fn variable(target: &Target) -> String {
    if target.whole { target.name.clone() } else { format!("{}.…", target.name) }
}
