//! What statements that read and write rows lock, and what they set off: foreign keys, triggers, functions.

mod calls;
mod keys;
mod made;
mod reads;
mod rows;
mod triggers;
mod writes;

use super::run::Run;
use crate::ddl::{Query, Verb};

impl Run<'_, '_> {
    /// Replays a query.
    pub(super) fn query(&mut self, query: &Query) {
        for within in &query.with {
            self.query(within);
        }
        self.reads(query);
        match query.verb {
            Verb::Select => {}
            Verb::CopyTo => self.read_all_of(query),
            Verb::Insert | Verb::Update | Verb::Delete | Verb::Merge | Verb::CopyFrom => self.write(query),
        }
        self.calls_of(query);
    }
}
