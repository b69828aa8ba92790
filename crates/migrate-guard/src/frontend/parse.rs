use std::panic::{AssertUnwindSafe, catch_unwind};

use squawk_parser::{EntryPoint, LexedStr, Output, StrStep};

use super::message;
use super::tree::{Builder, SyntaxNode};

/// How deep a tree may be. Whoever walks one calls itself for each level.
const MAX_TREE_DEPTH: usize = 256;

/// The tree of a text.
#[derive(Debug)]
pub(super) struct Tree {
    /// Its root, a `SourceFile`. Its offsets are those of the text.
    pub(super) root: SyntaxNode,
    /// The first error, with its byte.
    pub(super) error: Option<(usize, String)>,
    /// Something in it was nested so deep that its tokens stand there without nodes.
    pub(super) flattened: bool,
    /// How many rows were taken out of its text.
    pub(super) rows: usize,
}

/// The tree of a text that does not nest deeper than [`super::split`] lets through. `None` if the parser gave up.
pub(super) fn parse(text: &str) -> Option<Tree> {
    // The parser asserts what it believes of itself, and a fuzzer may find it wrong: one statement is lost then.
    catch_unwind(|| tree(text)).ok()
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

fn tree(text: &str) -> Tree {
    let lexed = LexedStr::new(text);
    let output = EntryPoint::SourceFile.parse(&lexed.to_input());
    let mut builder = Builder::new(MAX_TREE_DEPTH, text.len());
    let mut error = None;
    lexed.intersperse_trivia(&output, &mut |step| match step {
        StrStep::Error { msg, pos } => {
            error.get_or_insert_with(|| (pos, msg.to_owned()));
        }
        step => builder.take(&step),
    });
    let in_token = lexed.errors().map(|(range, message)| (range.start as usize, message.to_owned())).next();
    let error = error.into_iter().chain(in_token).min_by_key(|(at, _)| *at);
    let error = error.map(|(at, message)| (at, message::plain(&message)));
    let flattened = builder.flattened;
    Tree { root: builder.finish(text), error, flattened, rows: 0 }
}
