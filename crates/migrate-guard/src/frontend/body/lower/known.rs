use std::ops::Range;

use super::super::fold;
use super::super::syntax::{Node, NodeKind};
use super::super::token::{Kind, tokens};
use super::super::variables::Set;
use super::Lowering;
use super::fragment::SELECT;
use crate::frontend::condition::{FOUND, Known};
use crate::frontend::context::Context;
use crate::frontend::tree::SyntaxNode;

/// A query that something is asked of later.
#[derive(Clone, Debug)]
pub(super) struct Question {
    lead: &'static str,
    text: Range<usize>,
    blank: Option<Range<usize>>,
}

impl Question {
    /// The query that a statement runs.
    pub(super) fn of(node: &Node) -> Option<Self> {
        match &node.kind {
            NodeKind::Perform(text) => Some(Self { lead: SELECT, text: text.clone(), blank: None }),
            NodeKind::Sql { text, into: Some(into) } => {
                Some(Self { lead: "", text: text.clone(), blank: Some(into.span.clone()) })
            }
            _ => None,
        }
    }

    fn set(from: Set) -> Option<Self> {
        match from {
            Set::Expr(text) => Some(Self { lead: SELECT, text, blank: None }),
            Set::Query { text, into } => Some(Self { lead: "", text, blank: Some(into) }),
            Set::Other => None,
        }
    }
}

/// What is known of variables where a condition stands.
pub(super) struct Here<'l, 's> {
    pub(super) lowering: &'l Lowering<'s>,
    /// Where it stands.
    pub(super) at: usize,
}

impl Known for Here<'_, '_> {
    fn is_variable(&self, name: &str) -> bool {
        self.lowering.variables.has(name)
    }

    fn value(&self, name: &str) -> Option<String> {
        self.lowering.known_text(name, 0)
    }

    fn query(&self, name: &str, read: &mut dyn FnMut(&SyntaxNode, &mut Context<'_>)) {
        let lowering = self.lowering;
        let question = if name == FOUND {
            lowering.before.clone()
        } else {
            lowering.variables.last(name).and_then(Question::set)
        };
        let Some(asked) = question.filter(|asked| lowering.may_spend(asked.text.len())) else { return };
        if name == FOUND || !self.changed_since(&asked) {
            let _ = lowering.fragment(asked.lead, &asked.text, asked.blank.as_ref(), read);
        }
    }
}

impl Here<'_, '_> {
    /// Whether a statement between a question and here speaks of all that was asked for.
    fn changed_since(&self, asked: &Question) -> bool {
        let text = |range: &Range<usize>| self.lowering.source.text().get(range.clone()).unwrap_or_default();
        let names: Vec<_> =
            tokens(text(&asked.text)).into_iter().filter(|token| token.kind == Kind::String).collect();
        let names: Vec<_> =
            names.iter().map(|token| token.text.trim_matches('\'')).filter(|name| says_much(name)).collect();
        let mut between = self.lowering.variables.changes_between(asked.text.end, self.at).iter();
        between.any(|statement| {
            let text = text(statement);
            !self.lowering.may_spend(text.len()) || names.iter().all(|name| text.contains(name))
        })
    }
}

/// Whether a string tells one object from others: not a schema, nor the letter of a kind.
fn says_much(name: &str) -> bool {
    name.len() > 1 && name != "public"
}

/// How many variables are followed that are made of one another.
const MAX_DEPTH: u8 = 4;

impl Lowering<'_> {
    /// The text of a variable that is set once, to what is known.
    pub(super) fn known_text(&self, name: &str, depth: u8) -> Option<String> {
        let Set::Expr(range) = self.variables.once(name).filter(|_| depth < MAX_DEPTH)? else { return None };
        if !self.may_spend(range.len()) {
            return None;
        }
        self.text_of(&range, depth + 1)
    }

    /// The text an expression comes to.
    pub(super) fn text_of(&self, range: &Range<usize>, depth: u8) -> Option<String> {
        self.item(range, |node, cx| fold::text(node, cx, &|name| self.known_text(name, depth)))
    }
}
