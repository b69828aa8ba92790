//! What a flag is called.

use std::borrow::Borrow;
use std::fmt;
use std::str::FromStr;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

/// The longest name, in bytes.
const LONGEST: usize = 200;

/// How much of a refused name is shown, in characters.
const SHOWN: usize = 60;

/// A flag's name: 1 to 200 bytes of UTF-8 without control characters, and no white space at either end.
///
/// Cheap to clone.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct FlagName(Arc<str>);

/// Why a text names no flag.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{shown}` is no name of a flag: {because}")]
pub struct InvalidName {
    shown: String,
    because: &'static str,
}

impl FlagName {
    /// Checks a name.
    ///
    /// # Errors
    ///
    /// The text breaks one of the rules above.
    pub fn new(text: &str) -> Result<Self, InvalidName> {
        match broken(text) {
            None => Ok(Self(text.into())),
            Some(because) => Err(InvalidName { shown: shown(text), because }),
        }
    }

    /// The name of no flag, for who asked for one that cannot be.
    pub(crate) fn none() -> Self {
        Self("".into())
    }

    /// The name as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

fn broken(text: &str) -> Option<&'static str> {
    if text.is_empty() {
        Some("it is empty")
    } else if text.len() > LONGEST {
        Some("it has more than 200 bytes")
    } else if text.chars().any(char::is_control) {
        Some("it holds control characters")
    } else if text.trim() != text {
        Some("it begins or ends with white space")
    } else {
        None
    }
}

/// A hostile name must neither flood nor colour the terminal that shows it.
pub(crate) fn shown(text: &str) -> String {
    let mut shown: String = text.chars().take(SHOWN).flat_map(char::escape_debug).collect();
    if text.chars().nth(SHOWN).is_some() {
        shown.push('…');
    }
    shown
}

impl FromStr for FlagName {
    type Err = InvalidName;

    fn from_str(text: &str) -> Result<Self, InvalidName> {
        Self::new(text)
    }
}

impl TryFrom<String> for FlagName {
    type Error = InvalidName;

    fn try_from(text: String) -> Result<Self, InvalidName> {
        Self::new(&text)
    }
}

impl From<FlagName> for String {
    fn from(name: FlagName) -> Self {
        name.as_str().to_owned()
    }
}

impl Borrow<str> for FlagName {
    fn borrow(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for FlagName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_may_be_any_text_that_fits_on_a_line() {
        for good in ["scan_creation", "new checkout", "αβγ/ünïcode", "a", &"x".repeat(200)] {
            assert_eq!(FlagName::new(good).unwrap().as_str(), good);
        }
    }

    #[test]
    fn what_is_wrong_with_a_name_is_said_without_its_control_characters() {
        let said: Vec<_> = ["", "a\nb", " a", &"x".repeat(201)]
            .into_iter()
            .map(|bad| FlagName::new(bad).unwrap_err().to_string())
            .collect();
        insta::assert_snapshot!(said.join("\n"), @r"
        `` is no name of a flag: it is empty
        `a\nb` is no name of a flag: it holds control characters
        ` a` is no name of a flag: it begins or ends with white space
        `xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx…` is no name of a flag: it has more than 200 bytes
        ");
    }

    #[test]
    fn a_stored_name_is_checked_when_it_is_read() {
        assert!(serde_json::from_str::<FlagName>(r#""a\nb""#).is_err());
    }
}
