//! Whether all of a body is understood, told without making anything of it: the SQL in it is put together as one text and
//! parsed at once. Where that is in doubt the answer is no, and who wants to know more reads the body.

use std::cell::RefCell;
use std::ops::Range;
use std::rc::Rc;

use rustc_hash::FxHashSet;

use super::lower::SELECT;
use super::parse::Parsed;
use super::syntax::{Arm, BlockNode, Node, NodeKind, Over};
use crate::frontend::parse;
use crate::frontend::split::{MAX_DEPTH, refusal};

/// Nobody should wait for a text of more bytes.
const LONG: usize = 1 << 16;

/// How many bytes of SQL are kept that is known to parse.
const MOST_KNOWN: usize = 1 << 20;

/// SQL of bodies that is known to parse: a history defines a function again and again, with a line changed. Its copies
/// know the same.
#[derive(Debug, Default, Clone)]
pub(in crate::frontend) struct Known(Rc<RefCell<Parts>>);

#[derive(Debug, Default)]
struct Parts {
    parts: FxHashSet<Box<str>>,
    bytes: usize,
}

impl Known {
    /// Whether a body is as the grammars have it, PL/pgSQL's and that of the SQL in it.
    pub(super) fn parses(&self, text: &str, parsed: &Parsed) -> bool {
        self.0.borrow_mut().parses(text, parsed)
    }
}

impl Parts {
    fn parses(&mut self, text: &str, (node, broken): &Parsed) -> bool {
        if !broken.is_empty() {
            return false;
        }
        let mut gathered = Gathered { text, known: self, sql: String::new(), parts: Vec::new(), fine: true };
        gathered.block(node);
        let Gathered { sql, parts, fine, .. } = gathered;
        let parses = fine && (parts.is_empty() || parse::parses(&sql));
        if parses {
            parts.into_iter().filter_map(|part| sql.get(part)).for_each(|part| self.learn(part));
        }
        parses
    }

    fn learn(&mut self, part: &str) {
        self.bytes += part.len();
        if self.bytes > MOST_KNOWN {
            *self = Self { bytes: part.len(), ..Self::default() };
        }
        self.parts.insert(part.into());
    }
}

/// The SQL of a body so far, less what is known to parse.
struct Gathered<'t> {
    text: &'t str,
    known: &'t Parts,
    sql: String,
    parts: Vec<Range<usize>>,
    fine: bool,
}

impl Gathered<'_> {
    fn add(&mut self, lead: &str, range: &Range<usize>, into: Option<&Range<usize>>) {
        let text = |range: Range<usize>| self.text.get(range).unwrap_or_default();
        let (before, after) = into.map_or((text(range.clone()), ""), |into| {
            (text(range.start..into.start), text(into.end..range.end))
        });
        let start = self.sql.len();
        // A comment may be the last of a part.
        self.sql.extend([lead, before, " ", after, "\n;"]);
        let part = &self.sql[start..];
        if self.known.parts.contains(part) {
            return self.sql.truncate(start);
        }
        // Fewer tokens do not nest too deep.
        self.fine &=
            part.len() < LONG && !merges(part) && (most_tokens(part) < MAX_DEPTH || refusal(part).is_none());
        self.parts.push(start..self.sql.len());
    }

    fn query(&mut self, range: &Range<usize>) {
        self.add("", range, None);
    }

    fn exprs<'r>(&mut self, ranges: impl IntoIterator<Item = &'r Range<usize>>) {
        ranges.into_iter().for_each(|range| self.add(SELECT, range, None));
    }

    fn block(&mut self, node: &BlockNode) {
        for made in &node.declarations {
            self.exprs(&made.default);
            made.query.iter().for_each(|query| self.query(query));
        }
        self.nodes(&node.body);
        node.handlers.iter().for_each(|handler| self.nodes(&handler.body));
    }

    fn nodes(&mut self, nodes: &[Node]) {
        for node in nodes {
            self.node(&node.kind);
        }
    }

    fn node(&mut self, kind: &NodeKind) {
        match kind {
            NodeKind::Block(block) => self.block(block),
            NodeKind::Assign { expr, .. } => self.exprs([expr]),
            NodeKind::If(arms) => self.arms(arms),
            NodeKind::Case { subject, arms } => {
                self.exprs(subject);
                self.arms(arms);
            }
            NodeKind::Loop { over, body, .. } => {
                self.over(over);
                self.nodes(body);
            }
            NodeKind::Execute { expr, using, .. } => {
                self.exprs([expr]);
                self.exprs(using);
            }
            NodeKind::Sql { text, into } => self.add("", text, into.as_ref().map(|into| &into.span)),
            NodeKind::Perform(range) => self.exprs([range]),
            NodeKind::Query(text) => self.query(text),
            NodeKind::Evaluate(exprs) | NodeKind::Return(exprs) | NodeKind::Raise { exprs, .. } => {
                self.exprs(exprs);
            }
            NodeKind::Exit { when, .. } => self.exprs(when),
            NodeKind::Set(_) | NodeKind::Open(_) | NodeKind::Nothing => {}
        }
    }

    fn arms(&mut self, arms: &[Arm]) {
        for arm in arms {
            self.exprs(&arm.condition);
            self.nodes(&arm.body);
        }
    }

    fn over(&mut self, over: &Over) {
        match over {
            Over::Nothing | Over::Cursor { .. } => {}
            Over::Exprs(exprs) => self.exprs(exprs),
            Over::Query(text) => self.query(text),
            Over::Array(expr) => self.exprs([expr]),
            Over::Execute { expr, using } => {
                self.exprs([expr]);
                self.exprs(using);
            }
        }
    }
}

/// How many tokens a text has at most: each byte may be one, but for white space and what goes on with a word.
fn most_tokens(part: &str) -> usize {
    let is_letter = |byte: u8| byte.is_ascii_alphabetic() || byte == b'_';
    let mut after_letter = false;
    let begins = |byte: &&u8| {
        let goes_on = std::mem::replace(&mut after_letter, is_letter(**byte)) && is_letter(**byte);
        !goes_on && !byte.is_ascii_whitespace()
    };
    part.as_bytes().iter().filter(begins).count()
}

/// Whether there is the word for which the parser may never come to an end.
fn merges(part: &str) -> bool {
    part.as_bytes().windows(5).any(|word| word.eq_ignore_ascii_case(b"merge"))
}

#[cfg(test)]
mod tests {
    use super::most_tokens;
    use crate::frontend::text::{is_trivia, tokens};

    proptest::proptest! {
        #[test]
        fn a_text_has_no_more_tokens_than_are_counted(text in "[a-cE_0-2'\"$(),;.:+=é \n-]{0,40}") {
            let seen = tokens(&text).filter(|(_, token)| !is_trivia(token.kind)).count();
            proptest::prop_assert!(seen <= most_tokens(&text));
        }
    }
}
