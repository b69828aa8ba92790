use std::fmt;
use std::str::FromStr;

use super::text::{BadValue, text_value};

/// A name in somebody else's configuration, or a header's: letters, digits and `-_.:`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Name(String);

impl Name {
    /// A name that is right as it stands in the source.
    pub(in crate::settings) fn fixed(name: &'static str) -> Self {
        Self(name.to_owned())
    }

    /// The name as text.
    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for Name {
    type Err = BadValue;

    fn from_str(text: &str) -> Result<Self, BadValue> {
        let fits = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.:".contains(&byte);
        if text.is_empty() || !text.bytes().all(fits) {
            return Err(BadValue::new(text, "is not a name: letters, digits and `-_.:` only"));
        }
        Ok(Self(text.to_owned()))
    }
}

impl fmt::Display for Name {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

text_value!(Name, expects "a name such as \"blue\"", matches r"^[A-Za-z0-9_.:-]+$");
