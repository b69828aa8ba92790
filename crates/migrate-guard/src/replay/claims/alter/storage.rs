use super::Alter;
use crate::Span;
use crate::claim::{Cause, Works};
use crate::ddl::Persistence;

/// The access method that a table has unless somebody says otherwise.
const HEAP: &str = "heap";

impl Alter<'_, '_> {
    /// `SET LOGGED` and `SET UNLOGGED`, which do nothing to what is so already.
    pub(super) fn set_logged(&mut self, span: Span, logged: bool) {
        let words = if logged { "SET LOGGED" } else { "SET UNLOGGED" };
        let wanted = if logged { Persistence::Permanent } else { Persistence::Unlogged };
        match self.table.relation().map(|relation| relation.persistence) {
            Some(is) if is == wanted => self.here(span, Cause::Other(words), Works::NONE),
            known => self.rewrite(span, words, known.is_none()),
        }
    }

    /// `SET ACCESS METHOD`.
    pub(super) fn set_access_method(&mut self, span: Span, method: &str) {
        if method == HEAP {
            self.here(span, Cause::Other("SET ACCESS METHOD"), Works::NONE);
        } else {
            self.rewrite(span, "SET ACCESS METHOD", false);
        }
    }

    /// The table is written anew, for that reason.
    pub(super) fn rewrite(&mut self, span: Span, words: &'static str, assumed: bool) {
        let work = self.table.rewrite();
        let deed = self.deed(span, Cause::Rewrite(words)).with(work).assumed_if(assumed);
        self.ledger.on(&self.table, deed);
    }
}
