use std::ops::Range;

use rustc_hash::FxHashMap;

use super::syntax::{BlockNode, Node, NodeKind, Target};

/// The variables of a body, those of the blocks within too.
#[derive(Debug, Default)]
pub(super) struct Variables {
    all: FxHashMap<String, Variable>,
    cursors: FxHashMap<String, Range<usize>>,
    /// Statements that may change what was asked before, in order.
    changes: Vec<Range<usize>>,
}

/// A variable. Two of one name are one that is set twice.
#[derive(Debug, Default)]
pub(super) struct Variable {
    declared: usize,
    default: Option<Range<usize>>,
    set: Vec<Set>,
}

/// What a variable is set from.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Set {
    /// An expression.
    Expr(Range<usize>),
    /// The one column of a query, less its `INTO`.
    Query { text: Range<usize>, into: Range<usize> },
    /// Something else.
    Other,
}

impl Variables {
    /// The variables of a body; parameters are given.
    pub(super) fn of(block: &BlockNode, parameters: Vec<String>) -> Self {
        let mut found = Self::default();
        for name in parameters.into_iter().chain(["new".to_owned(), "old".to_owned()]) {
            found.set(name, Set::Other);
        }
        found.block(block);
        found
    }

    /// The query of a cursor.
    pub(super) fn cursor(&self, name: &str) -> Option<Range<usize>> {
        self.cursors.get(name).cloned()
    }

    /// The statements from `start` on that end before `end`.
    pub(super) fn changes_between(&self, start: usize, end: usize) -> &[Range<usize>] {
        let from = self.changes.partition_point(|statement| statement.start < start);
        let to = self.changes.partition_point(|statement| statement.end <= end);
        self.changes.get(from..to).unwrap_or_default()
    }

    /// Whether a name is a variable's.
    pub(super) fn has(&self, name: &str) -> bool {
        self.all.contains_key(name)
    }

    /// What a variable is set from, if that is one thing, all through the body.
    pub(super) fn once(&self, name: &str) -> Option<Set> {
        let variable = self.all.get(name).filter(|variable| variable.declared == 1)?;
        match (&variable.default, variable.set.as_slice()) {
            (Some(default), []) => Some(Set::Expr(default.clone())),
            (None, [set]) => Some(set.clone()),
            _ => None,
        }
    }

    /// What a variable is set from by the only statement that sets it, whatever it was before.
    pub(super) fn last(&self, name: &str) -> Option<Set> {
        let variable = self.all.get(name).filter(|variable| variable.declared == 1)?;
        match variable.set.as_slice() {
            [] => variable.default.clone().map(Set::Expr),
            [set] => Some(set.clone()),
            _ => None,
        }
    }

    fn set(&mut self, name: String, from: Set) {
        self.all.entry(name).or_default().set.push(from);
    }

    fn block(&mut self, block: &BlockNode) {
        for made in &block.declarations {
            let variable = self.all.entry(made.name.clone()).or_default();
            variable.declared += 1;
            variable.default.clone_from(&made.default);
            self.cursors.extend(made.query.clone().map(|query| (made.name.clone(), query)));
            if made.alias.is_some() || made.query.is_some() {
                variable.set.push(Set::Other);
            }
        }
        self.nodes(&block.body);
        for handler in &block.handlers {
            self.nodes(&handler.body);
        }
    }

    fn nodes(&mut self, nodes: &[Node]) {
        for node in nodes {
            self.node(node);
        }
    }

    fn node(&mut self, node: &Node) {
        match &node.kind {
            NodeKind::Block(block) => self.block(block),
            NodeKind::Assign { target, expr } => self.assign(target, Set::Expr(expr.clone())),
            NodeKind::If(arms) | NodeKind::Case { arms, .. } => {
                for arm in arms {
                    self.nodes(&arm.body);
                }
            }
            NodeKind::Loop { variables, body, .. } => {
                for name in variables {
                    self.set(name.clone(), Set::Other);
                }
                self.nodes(body);
            }
            NodeKind::Execute { into, .. } => {
                self.changes.push(node.span.clone());
                self.unknown(into);
            }
            NodeKind::Sql { text, into: Some(into) } => {
                let query = Set::Query { text: text.clone(), into: into.span.clone() };
                match into.targets.as_slice() {
                    [target] => self.assign(target, query),
                    several => self.unknown(several),
                }
            }
            NodeKind::Sql { into: None, .. } => self.changes.push(node.span.clone()),
            NodeKind::Set(targets) => self.unknown(targets),
            _ => {}
        }
    }

    fn unknown(&mut self, targets: &[Target]) {
        for target in targets {
            self.assign(target, Set::Other);
        }
    }

    fn assign(&mut self, target: &Target, from: Set) {
        self.set(target.name.clone(), if target.whole { from } else { Set::Other });
    }
}
