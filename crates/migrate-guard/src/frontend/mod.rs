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
mod unparsed;
mod walk;

use self::source::Source;
use crate::ddl::Statement;
pub(crate) use comments::comments;
pub use not_understood::not_understood;

/// The statements of a text, in order. Never fails: what is not understood is [`crate::ddl::Ddl::Opaque`].
pub fn statements(sql: &str) -> Vec<Statement> {
    statements::statements_of(&Source::new(sql, 0))
}

#[cfg(test)]
mod tests;
