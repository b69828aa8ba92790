use std::fmt;
use std::str::FromStr;

use super::text::{BadValue, text_value};

/// The name of a table, with its schema where it has one: plain words, so that they need no quotes in SQL.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct TableName(String);

/// Longer words PostgreSQL cuts off.
const LONGEST_WORD: usize = 63;

impl TableName {
    /// The name as text.
    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for TableName {
    type Err = BadValue;

    fn from_str(text: &str) -> Result<Self, BadValue> {
        let words: Vec<_> = text.split('.').collect();
        if words.len() > 2 || !words.iter().all(|word| is_plain(word)) {
            return Err(BadValue::new(text, "is not the name of a table such as \"auth.schema_migrations\""));
        }
        Ok(Self(text.to_owned()))
    }
}

fn is_plain(word: &str) -> bool {
    word.len() <= LONGEST_WORD
        && word.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
        && word.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
}

impl fmt::Display for TableName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

text_value!(
    TableName,
    expects "the name of a table such as \"auth.schema_migrations\"",
    matches r"^[A-Za-z_][A-Za-z0-9_]*(\.[A-Za-z_][A-Za-z0-9_]*)?$"
);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_would_be_more_than_a_name_in_sql_is_refused() {
        for text in ["", ".", "a.b.c", "a b", "a;b", "a'b", "a\"b", "1a", "a--", "\u{e4}", &"a".repeat(64)] {
            assert!(text.parse::<TableName>().is_err(), "{text:?}");
        }
        for text in ["schema_migrations", "auth.schema_migrations", "_sqlx_migrations"] {
            assert!(text.parse::<TableName>().is_ok(), "{text:?}");
        }
    }
}
