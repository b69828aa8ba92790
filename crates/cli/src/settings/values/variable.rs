use std::fmt;
use std::str::FromStr;

use super::text::{BadValue, text_value};

/// The name of a variable of the environment. What is not one may be the secret that belongs there, so it is not repeated.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Variable(String);

impl Variable {
    /// The name as text.
    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for Variable {
    type Err = BadValue;

    fn from_str(text: &str) -> Result<Self, BadValue> {
        let fits = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_';
        if text.is_empty() || text.starts_with(|c: char| c.is_ascii_digit()) || !text.bytes().all(fits) {
            return Err(BadValue::new(
                "…",
                "is not the name of a variable such as \"DATABASE_URL\": its value belongs in the environment, not in this file",
            ));
        }
        Ok(Self(text.to_owned()))
    }
}

impl fmt::Display for Variable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

text_value!(Variable, expects "the name of a variable such as \"DATABASE_URL\"", matches r"^[A-Za-z_][A-Za-z0-9_]*$");
