use std::fmt;
use std::str::FromStr;

use http::HeaderName;

use super::text::{BadValue, text_value};

/// What keeps a user on one release while weights move.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Sticky {
    /// Nothing: each request is decided by itself.
    None,
    /// A cookie that the edge sets.
    Cookie,
    /// The value of this request header.
    Header(HeaderName),
}

impl FromStr for Sticky {
    type Err = BadValue;

    fn from_str(text: &str) -> Result<Self, BadValue> {
        let refuse = |why| Err(BadValue::new(text, why));
        match (text, text.strip_prefix("header:")) {
            ("none", _) => Ok(Self::None),
            ("cookie", _) => Ok(Self::Cookie),
            (_, Some(name)) => match name.parse() {
                Ok(name) => Ok(Self::Header(name)),
                Err(_) => refuse("does not name a header; \"header:x-user\" would"),
            },
            _ => refuse("is none of \"none\", \"cookie\" and \"header:NAME\""),
        }
    }
}

impl fmt::Display for Sticky {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::None => f.write_str("none"),
            Self::Cookie => f.write_str("cookie"),
            Self::Header(name) => write!(f, "header:{name}"),
        }
    }
}

text_value!(Sticky, expects "\"none\", \"cookie\" or \"header:NAME\"", matches r"^(none|cookie|header:[!-~]+)$");
