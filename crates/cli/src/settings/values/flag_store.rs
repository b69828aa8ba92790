use std::fmt;
use std::str::FromStr;

use super::text::{BadValue, text_value};

/// Where flags are kept, without a password: these settings are no place for one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct FlagStoreAddress(String);

/// What an address may begin with.
const SCHEMES: [&str; 7] =
    ["redis://", "rediss://", "valkey://", "valkeys://", "redis+unix:///", "unix:///", "file:"];

impl FlagStoreAddress {
    /// The address as text.
    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }

    /// The path of a file.
    pub(crate) fn file(&self) -> Option<&str> {
        self.0.strip_prefix("file:").map(|path| path.strip_prefix("//").unwrap_or(path))
    }
}

impl FromStr for FlagStoreAddress {
    type Err = BadValue;

    fn from_str(text: &str) -> Result<Self, BadValue> {
        let scheme = SCHEMES.into_iter().find(|scheme| text.starts_with(scheme) && text.len() > scheme.len());
        let scheme = scheme.ok_or_else(|| {
            BadValue::new("…", "is not an address such as redis://HOST:6379/0 or file:flags.json")
        })?;
        if scheme != "file:" && (text.contains('@') || text.contains('?') && text.contains("pass=")) {
            return Err(BadValue::new(
                &format!("{scheme}…"),
                "holds a user or a password, and this file is no place for one: name a variable with `store_env`",
            ));
        }
        Ok(Self(text.to_owned()))
    }
}

impl fmt::Display for FlagStoreAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

text_value!(
    FlagStoreAddress,
    expects "an address such as \"redis://HOST:6379/0\"",
    matches r"^(rediss?://|valkeys?://|redis\+unix:///|unix:///|file:).+$"
);
