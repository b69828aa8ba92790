//! PL/pgSQL's own grammar, as `pl_gram.y` has it: it knows where its statements begin and end, and takes what is SQL as
//! text. What is not where it should be is passed over up to the next semicolon, so that one broken statement does not
//! hide the next.

mod block;
mod branch;
mod loops;
mod other;
mod raise;
mod sql;
mod statement;
#[cfg(test)]
mod tests;

use std::ops::Range;

use super::reader::{Broken, Reader};
use super::syntax::BlockNode;

/// The block of a body, and what of it was not understood.
pub(super) type Parsed = (BlockNode, Vec<(Range<usize>, Broken)>);

/// Parses a body.
pub(super) fn parse(text: &str) -> Parsed {
    let mut reader = Reader::new(text);
    block::options(&mut reader);
    let node = block::outermost(&mut reader);
    (node, reader.broken)
}
