use std::cell::RefCell;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::rc::Rc;

use rowan::{GreenNodeBuilder, NodeCache};
use squawk_parser::{EntryPoint, LexedStr, Output, StrStep};
use squawk_syntax::{SyntaxKind, SyntaxNode};

use super::body::Known;
use super::message;

/// How deep a tree may be. Whoever walks one calls itself for each level, and dropping one does too.
const MAX_TREE_DEPTH: usize = 256;

/// The tree of a text.
#[derive(Debug)]
pub(super) struct Tree {
    /// Its root, a `SourceFile`. Its offsets are those of the text, white space and comments are in it.
    pub(super) root: SyntaxNode,
    /// The first error, with its byte.
    pub(super) error: Option<(usize, String)>,
    /// Something in it was nested so deep that its tokens stand there without nodes.
    pub(super) flattened: bool,
    /// How many rows were taken out of its text.
    pub(super) rows: usize,
}

/// Parses statements. Keeps what their trees have in common.
#[derive(Default)]
pub(super) struct Parser {
    cache: NodeCache,
    parsed: usize,
    known: Rc<RefCell<Known>>,
}

/// So many bytes later the trees have little in common, and the cache only holds memory.
const CACHE_SPAN: usize = 1 << 16;

impl Parser {
    /// The tree of a text that does not nest deeper than [`super::split`] lets through. `None` if the parser gave up.
    pub(super) fn parse(&mut self, text: &str) -> Option<Tree> {
        self.parsed += text.len();
        if self.parsed > CACHE_SPAN {
            self.forget();
            self.parsed = text.len();
        }
        let cache = &mut self.cache;
        // The parser asserts what it believes of itself, and a fuzzer may find it wrong: one statement is lost then.
        let tree = catch_unwind(AssertUnwindSafe(|| tree(text, cache)));
        tree.inspect_err(|_| self.forget()).ok()
    }

    fn forget(&mut self) {
        self.cache = NodeCache::default();
        self.parsed = 0;
    }

    /// The SQL of bodies that is known to parse.
    pub(super) fn known(&self) -> Rc<RefCell<Known>> {
        Rc::clone(&self.known)
    }
}

/// Whether a text parses, to a tree that is not too deep. None is made of it.
pub(super) fn parses(text: &str) -> bool {
    let seen = catch_unwind(AssertUnwindSafe(|| {
        let lexed = LexedStr::new(text);
        let mut seen = Seen { depth: 0, fine: lexed.errors().next().is_none() };
        seen.take(&lexed, &EntryPoint::SourceFile.parse(&lexed.to_input()));
        seen.fine
    }));
    seen.unwrap_or(false)
}

/// What is seen of a text that is parsed for nothing but that.
struct Seen {
    depth: usize,
    fine: bool,
}

impl Seen {
    fn take(&mut self, lexed: &LexedStr<'_>, output: &Output) {
        lexed.intersperse_trivia(output, &mut |step| match step {
            StrStep::Token { .. } => {}
            StrStep::Enter { .. } => {
                self.depth += 1;
                self.fine &= self.depth <= MAX_TREE_DEPTH;
            }
            StrStep::Exit => self.depth -= 1,
            StrStep::Error { .. } => self.fine = false,
        });
    }
}

fn tree(text: &str, cache: &mut NodeCache) -> Tree {
    let lexed = LexedStr::new(text);
    let output = EntryPoint::SourceFile.parse(&lexed.to_input());
    let mut builder = Builder {
        inner: GreenNodeBuilder::with_cache(cache),
        depth: 0,
        left_out: 0,
        error: None,
        flattened: false,
    };
    builder.take(&lexed, &output);
    let in_token = lexed.errors().map(|(range, message)| (range.start as usize, message.to_owned())).next();
    let error = builder.error.into_iter().chain(in_token).min_by_key(|(at, _)| *at);
    let error = error.map(|(at, message)| (at, message::plain(&message)));
    Tree { root: SyntaxNode::new_root(builder.inner.finish()), error, flattened: builder.flattened, rows: 0 }
}

/// Makes a tree of what the parser saw, no deeper than [`MAX_TREE_DEPTH`].
struct Builder<'c> {
    inner: GreenNodeBuilder<'c>,
    depth: usize,
    left_out: usize,
    error: Option<(usize, String)>,
    flattened: bool,
}

impl Builder<'_> {
    fn take(&mut self, lexed: &LexedStr<'_>, output: &Output) {
        lexed.intersperse_trivia(output, &mut |step| match step {
            StrStep::Token { kind, text } => self.inner.token(raw(kind), text),
            StrStep::Enter { kind } => self.enter(kind),
            StrStep::Exit => self.exit(),
            StrStep::Error { msg, pos } => {
                self.error.get_or_insert_with(|| (pos, msg.to_owned()));
            }
        });
    }

    fn enter(&mut self, kind: SyntaxKind) {
        if self.depth == MAX_TREE_DEPTH {
            self.left_out += 1;
            self.flattened = true;
        } else {
            self.depth += 1;
            self.inner.start_node(raw(kind));
        }
    }

    fn exit(&mut self) {
        if self.left_out > 0 {
            self.left_out -= 1;
        } else {
            self.depth -= 1;
            self.inner.finish_node();
        }
    }
}

fn raw(kind: SyntaxKind) -> rowan::SyntaxKind {
    rowan::SyntaxKind(kind.into())
}
