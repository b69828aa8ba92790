//! Names that end up in file names, headers and messages, so they are checked once, on the way in.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// Why a text is not a usable name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NameError {
    what: &'static str,
    text: String,
    because: &'static str,
}

impl NameError {
    pub(crate) fn new(what: &'static str, text: &str, because: &'static str) -> Self {
        // A hostile name must not flood or colour the terminal that shows it.
        let text = text.chars().take(80).flat_map(char::escape_debug).collect();
        Self { what, text, because }
    }
}

impl fmt::Display for NameError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} `{}` {}", self.what, self.text, self.because)
    }
}

impl std::error::Error for NameError {}

/// What a kind of name allows.
struct Rule {
    what: &'static str,
    longest: usize,
    first: fn(char) -> bool,
    rest: fn(char) -> bool,
    says: &'static str,
}

impl Rule {
    fn check(&self, text: &str) -> Result<(), NameError> {
        let refuse = |because| Err(NameError::new(self.what, text, because));
        let mut chars = text.chars();
        match chars.next() {
            None => refuse("is empty"),
            Some(_) if text.len() > self.longest => refuse("is too long"),
            Some(first) if !(self.first)(first) || !chars.all(self.rest) => refuse(self.says),
            Some(_) => Ok(()),
        }
    }
}

const SERVICE: Rule = Rule {
    what: "service name",
    longest: 63,
    first: |c| c.is_ascii_lowercase() || c.is_ascii_digit(),
    rest: |c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-',
    says: "may hold only a-z, 0-9 and -, and starts with a letter or digit",
};

const RELEASE: Rule = Rule {
    what: "release name",
    longest: 128,
    first: |c| c.is_ascii_alphanumeric(),
    rest: |c| c.is_ascii_alphanumeric() || "._-+".contains(c),
    says: "may hold only letters, digits and . _ - +, and starts with a letter or digit",
};

const RUN: Rule = Rule { what: "run", ..RELEASE };

macro_rules! name {
    ($(#[$doc:meta])* $type:ident, $rule:ident) => {
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
        #[serde(try_from = "String", into = "String")]
        pub struct $type(String);

        impl $type {
            /// The name as text.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl TryFrom<String> for $type {
            type Error = NameError;

            fn try_from(text: String) -> Result<Self, NameError> {
                $rule.check(&text).map(|()| Self(text))
            }
        }

        impl FromStr for $type {
            type Err = NameError;

            fn from_str(text: &str) -> Result<Self, NameError> {
                Self::try_from(text.to_owned())
            }
        }

        impl From<$type> for String {
            fn from(name: $type) -> Self {
                name.0
            }
        }

        impl fmt::Display for $type {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.pad(&self.0)
            }
        }
    };
}

name! {
    /// The name of a service: lower-case letters, digits and `-`, at most 63, as in a DNS label.
    ServiceName, SERVICE
}
name! {
    /// The name of a release, an immutable build. Safe as a folder name: no `/`, no leading dot.
    ReleaseId, RELEASE
}
name! {
    /// The name of a run: one execution of a sealed plan. Safe as a folder name.
    RunId, RUN
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_release_name_is_never_a_path() {
        for bad in ["", ".", "..", "a/b", "../a", ".hidden", "-rf", "a\0", "ä", &"x".repeat(129)] {
            assert!(bad.parse::<ReleaseId>().is_err(), "{bad:?} was accepted");
        }
        for good in ["v1", "1.2.3", "a1b2c3d-dirty-9f", "2026_11"] {
            assert_eq!(good.parse::<ReleaseId>().unwrap().as_str(), good);
        }
    }

    #[test]
    fn a_refused_name_is_shown_without_its_control_characters() {
        let said = "\u{1b}[31mred".parse::<ServiceName>().unwrap_err().to_string();
        assert!(!said.contains('\u{1b}'), "{said}");
    }

    #[test]
    fn a_stored_name_is_checked_when_it_is_read() {
        assert!(serde_json::from_str::<ReleaseId>("\"../etc\"").is_err());
    }
}
