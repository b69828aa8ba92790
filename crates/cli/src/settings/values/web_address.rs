use std::fmt;
use std::str::FromStr;

use super::text::{BadValue, text_value};

/// An address on the web: `http` or `https`, without user, password and fragment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct WebAddress(String);

impl FromStr for WebAddress {
    type Err = BadValue;

    fn from_str(text: &str) -> Result<Self, BadValue> {
        let refuse =
            || BadValue::new(&without_user(text), "is not an address such as \"https://shop.example.com/\"");
        let uri: http::Uri = text.parse().map_err(|_| refuse())?;
        let plain = uri.authority().is_some_and(|authority| !authority.as_str().contains('@'));
        if !matches!(uri.scheme_str(), Some("http" | "https")) || !plain {
            return Err(refuse());
        }
        Ok(Self(text.to_owned()))
    }
}

/// What stands before an `@` may be a password, which no message shows.
fn without_user(text: &str) -> String {
    match text.rsplit_once('@') {
        Some((before, rest)) => {
            let scheme = before.find("://").map_or("", |at| &before[..at + 3]);
            format!("{scheme}…@{rest}")
        }
        None => text.to_owned(),
    }
}

impl fmt::Display for WebAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

text_value!(WebAddress, expects "an address such as \"https://shop.example.com/\"", matches r"^https?://");

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_password_is_refused_and_not_repeated() {
        let refused = |text: &str| text.parse::<WebAddress>().unwrap_err().to_string();
        insta::assert_snapshot!(refused("https://shop:hunter2@shop.example.com/"), @r#""https://…@shop.example.com/" is not an address such as "https://shop.example.com/""#);
        insta::assert_snapshot!(refused("shop:hunter2@shop.example.com"), @r#""…@shop.example.com" is not an address such as "https://shop.example.com/""#);
        insta::assert_snapshot!(refused("shop.example.com"), @r#""shop.example.com" is not an address such as "https://shop.example.com/""#);
    }
}
