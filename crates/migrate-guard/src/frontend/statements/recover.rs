use super::Reader;
use super::tree::Broken;
use crate::ddl::{Ddl, OpaqueReason, Statement};
use crate::frontend::split::{Fragment, Piece, fragments, refusal};

/// Of how many fragments one statement may be put together again.
const MAX_JOINED: usize = 4;

impl Reader<'_, '_> {
    /// Reads what can be read of a broken piece. If that is nothing, the piece is one statement that is not understood.
    pub(super) fn recover(&mut self, piece: Piece, broken: Broken) {
        let fragments = self.fragments(piece);
        let first = self.statements.len();
        let mut rest = if fragments.len() > 1 { fragments.as_slice() } else { &[] };
        while let [fragment, others @ ..] = rest {
            let next = self.statements.len();
            match self.read_some(rest) {
                Ok(left) => rest = left,
                Err(broken) => {
                    self.push_opaque(fragment.piece, broken);
                    rest = others;
                }
            }
            if fragment.joined && next > first {
                self.note_missing_semicolon(next);
            }
        }
        let understood = |statement: &Statement| statement.ddl != Ddl::Opaque;
        if !self.statements.get(first..).unwrap_or_default().iter().any(understood) {
            self.statements.truncate(first);
            self.push_opaque(piece, broken);
        }
    }

    fn fragments(&self, piece: Piece) -> Vec<Fragment> {
        let text = self.text(piece);
        fragments(text).iter().map(|fragment| fragment.shifted(piece.start)).collect()
    }

    /// Reads a statement of as few fragments as make one, and hands back those that are left.
    fn read_some<'f>(&mut self, fragments: &'f [Fragment]) -> Result<&'f [Fragment], Broken> {
        let start = fragments.first().map_or(0, |first| first.piece.start);
        let may_join = |(count, last): &(usize, &Fragment)| *count == 0 || last.joined;
        let mut why = None;
        for (count, last) in fragments.iter().enumerate().take(MAX_JOINED).take_while(may_join) {
            let joined = Piece { start, ..last.piece };
            match self.parse(Piece { refusal: refusal(self.text(joined)), ..joined }) {
                Ok(tree) => {
                    self.lower(joined, &tree);
                    return Ok(fragments.get(count + 1..).unwrap_or_default());
                }
                Err(broken) => why = why.or(Some(broken)),
            }
        }
        Err(why.unwrap_or(Broken { at: self.source.span(start, start), reason: OpaqueReason::TooDeep }))
    }
}
