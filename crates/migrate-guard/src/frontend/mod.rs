//! From SQL to [`crate::ddl`]. The parser is known here and nowhere else.

mod body;
mod comments;
mod condition;
mod context;
mod expr;
mod lower;
mod message;
mod name;
mod names;
mod not_understood;
mod parse;
mod query;
mod source;
mod split;
mod statements;
mod text;
mod thin;
mod tree;
mod unparsed;
mod walk;

use self::source::Source;
use crate::Span;
use crate::ddl::{Ddl, Opaque, OpaqueReason, Statement};
pub(crate) use comments::comments;
pub use not_understood::not_understood;

/// The statements of a text, in order. Never fails: what is not understood is [`crate::ddl::Ddl::Opaque`].
pub fn statements(sql: &str) -> Vec<Statement> {
    Reader::default().statements(sql)
}

/// Reads text after text, and keeps what they have in common.
#[derive(Default)]
pub(crate) struct Reader(body::Known);

impl Reader {
    /// As [`statements`] does it.
    pub(crate) fn statements(&self, sql: &str) -> Vec<Statement> {
        if u32::try_from(sql.len()).is_err() {
            return vec![too_long(sql)];
        }
        statements::statements_with(&Source::new(sql, 0), &self.0)
    }
}

/// The parser counts bytes in 32 bits.
fn too_long(sql: &str) -> Statement {
    let span = Span::new(0, sql.len());
    let reason = OpaqueReason::Syntax("a text of 4 GiB and more is not read".to_owned());
    Statement { span, ddl: Ddl::Opaque, opaque: vec![Opaque { span, reason }] }
}

#[cfg(test)]
mod tests;
