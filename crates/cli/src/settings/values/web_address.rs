use std::fmt;
use std::str::FromStr;

use super::text::{BadValue, text_value};

/// An address on the web: `http` or `https`, without user, password and fragment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct WebAddress(String);

impl FromStr for WebAddress {
    type Err = BadValue;

    fn from_str(text: &str) -> Result<Self, BadValue> {
        let refuse = || BadValue::new(text, "is not an address such as \"https://shop.example.com/\"");
        let uri: http::Uri = text.parse().map_err(|_| refuse())?;
        let plain = uri.authority().is_some_and(|authority| !authority.as_str().contains('@'));
        if !matches!(uri.scheme_str(), Some("http" | "https")) || !plain {
            return Err(refuse());
        }
        Ok(Self(text.to_owned()))
    }
}

impl fmt::Display for WebAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

text_value!(WebAddress, expects "an address such as \"https://shop.example.com/\"", matches r"^https?://");
