use std::fmt;
use std::str::FromStr;

use super::text::{BadValue, text_value};

/// A text with a place in it for a name: `image:ghcr.io/acme/shop:{release}`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Template(String);

impl Template {
    /// A template that is right as it stands in the source.
    pub(in crate::settings) fn fixed(text: &'static str) -> Self {
        Self(text.to_owned())
    }

    /// The template as text.
    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }

    /// What stands after `kind:`, if that is how it begins.
    pub(crate) fn of_kind(&self, kind: &str) -> Option<&str> {
        self.0.strip_prefix(kind)?.strip_prefix(':')
    }
}

impl FromStr for Template {
    type Err = BadValue;

    fn from_str(text: &str) -> Result<Self, BadValue> {
        let holes = text.matches('{').count();
        if holes != 1 || !(text.contains("{release}") || text.contains("{deployment}")) {
            return Err(BadValue::new(
                text,
                "has no place for a name: `{release}`, or `{deployment}` in an address",
            ));
        }
        if !text.bytes().all(|byte| byte.is_ascii_graphic()) {
            return Err(BadValue::new(text, "has a character that no name or address has"));
        }
        Ok(Self(text.to_owned()))
    }
}

impl fmt::Display for Template {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

text_value!(Template, expects "a text such as \"image:ghcr.io/acme/shop:{release}\"", matches r"\{(release|deployment)\}");
