use crate::text::scan::{Kind, Piece, Scanner};

/// What a place of a text stands in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Zone {
    /// A comment.
    Comment,
    /// A string or a body.
    Text,
    /// Anything else, a quoted name too.
    Code,
}

/// Tells the zone of one place after another, in order.
#[derive(Debug)]
pub(super) struct Zones<'a> {
    scanner: Scanner<'a>,
    piece: Option<Piece>,
}

impl<'a> Zones<'a> {
    pub(super) fn new(text: &'a str) -> Self {
        let mut scanner = Scanner::new(text);
        let piece = scanner.next();
        Self { scanner, piece }
    }

    /// The zone of `at`, which must not lie before a place that was asked for earlier.
    pub(super) fn at(&mut self, at: usize) -> Zone {
        while self.piece.is_some_and(|piece| piece.span.end <= at) {
            self.piece = self.scanner.next();
        }
        match self.piece {
            Some(piece) if piece.span.start <= at => zone(piece.kind),
            _ => Zone::Code,
        }
    }
}

const fn zone(kind: Kind) -> Zone {
    match kind {
        Kind::Comment => Zone::Comment,
        Kind::Text | Kind::Body => Zone::Text,
        _ => Zone::Code,
    }
}
