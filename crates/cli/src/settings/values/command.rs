use std::fmt;
use std::str::FromStr;

use super::text::{BadValue, text_value};

/// A command line for `sh -c`; never empty.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Command(String);

impl Command {
    /// The command line as it was written.
    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for Command {
    type Err = BadValue;

    fn from_str(text: &str) -> Result<Self, BadValue> {
        if text.trim().is_empty() {
            return Err(BadValue::new(text, "is an empty command"));
        }
        if text.contains('\0') {
            return Err(BadValue::new(text, "holds a NUL character, which no command can"));
        }
        Ok(Self(text.to_owned()))
    }
}

impl fmt::Display for Command {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

text_value!(Command, expects "a command such as \"./server --port $PORT\"", matches r"\S");
