use std::rc::Rc;

use squawk_parser::{StrStep, SyntaxKind};

use super::{Part, Parts, SyntaxNode};

/// About how many bytes of text there are for each part of a tree, at least.
const BYTES_A_PART: usize = 2;

/// Room for a short statement.
const FEW: usize = 16;

/// Makes a tree of the parser's steps, no deeper than it is told.
pub(in crate::frontend) struct Builder {
    parts: Vec<Part>,
    /// The nodes that are not finished, the root first.
    open: Vec<u32>,
    /// How many bytes were stepped over.
    at: u32,
    /// Where the last token ended or the last node began.
    end: u32,
    deepest: usize,
    /// How many nodes were begun below the deepest, and not finished.
    left_out: usize,
    /// Something was nested so deep that its tokens stand there without nodes.
    pub(in crate::frontend) flattened: bool,
}

impl Builder {
    /// For a text of so many bytes.
    pub(in crate::frontend) fn new(deepest: usize, bytes: usize) -> Self {
        let parts = Vec::with_capacity(bytes / BYTES_A_PART + FEW);
        let open = Vec::with_capacity(FEW);
        Self { parts, open, at: 0, end: 0, deepest, left_out: 0, flattened: false }
    }

    pub(in crate::frontend) fn take(&mut self, step: &StrStep<'_>) {
        match step {
            StrStep::Token { kind, text } => self.token(*kind, text),
            StrStep::Enter { kind } => self.enter(*kind),
            StrStep::Exit => self.exit(),
            StrStep::Error { .. } => {}
        }
    }

    /// The root, of the text that the steps were of.
    pub(in crate::frontend) fn finish(self, text: &str) -> SyntaxNode {
        SyntaxNode { tree: Rc::new(Parts { text: text.into(), parts: self.parts }), at: 0 }
    }

    #[expect(clippy::cast_possible_truncation, reason = "the parser's own limit is 32 bits")]
    fn token(&mut self, kind: SyntaxKind, text: &str) {
        let start = self.at;
        self.at += text.len() as u32;
        if !kind.is_trivia() {
            self.end = self.at;
            let next = self.parts.len() as u32 + 1;
            self.push(Part { kind, is_token: true, start, end: self.at, after: next, above: 0 });
        }
    }

    #[expect(clippy::cast_possible_truncation, reason = "fewer parts than bytes, but for empty nodes")]
    fn enter(&mut self, kind: SyntaxKind) {
        if self.open.len() == self.deepest {
            self.left_out += 1;
            self.flattened = true;
            return;
        }
        let at = self.parts.len() as u32;
        self.end = self.at;
        self.push(Part { kind, is_token: false, start: self.at, end: self.at, after: at + 1, above: 0 });
        self.open.push(at);
    }

    #[expect(clippy::cast_possible_truncation, reason = "as in `enter`")]
    fn exit(&mut self) {
        if self.left_out > 0 {
            self.left_out -= 1;
        } else if let Some(at) = self.open.pop() {
            let (end, after) = (self.end, self.parts.len() as u32);
            let part = &mut self.parts[at as usize];
            (part.end, part.after) = (end, after);
        }
    }

    fn push(&mut self, part: Part) {
        let above = self.open.last().copied().unwrap_or_default();
        self.parts.push(Part { above, ..part });
    }
}
