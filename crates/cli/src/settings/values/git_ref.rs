use std::fmt;
use std::str::FromStr;

use super::text::{BadValue, text_value};

/// A commit as git is asked for it: a branch, a tag, a hash, `HEAD~3`.
///
/// What git would take for an option or a range never becomes one, so it is safe among git's arguments.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct GitRef(String);

/// Longer ones are no names; a hash of SHA-256 has 64 digits.
const LONGEST: usize = 200;

impl FromStr for GitRef {
    type Err = BadValue;

    fn from_str(text: &str) -> Result<Self, BadValue> {
        let fits = |c: char| !c.is_control() && !c.is_whitespace() && !":?*[\\".contains(c);
        if text.is_empty() || text.len() > LONGEST || text.starts_with('-') || !text.chars().all(fits) {
            return Err(BadValue::new(text, "is not a commit such as \"origin/main\", a tag or a hash"));
        }
        if text.contains("..") || text.starts_with('^') {
            return Err(BadValue::new(text, "is a range: name the one commit to begin from"));
        }
        Ok(Self(text.to_owned()))
    }
}

impl fmt::Display for GitRef {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

text_value!(GitRef, expects "a commit such as \"origin/main\"", matches r"^[^-^\s:?*\[\\][^\s:?*\[\\]*$");

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_git_would_take_for_something_else_is_no_commit() {
        for text in ["--upload-pack=x", "-o", "", "a b", "a\nb", "main:secret", "main..dev", "^main", "a*"] {
            assert!(text.parse::<GitRef>().is_err(), "{text:?}");
        }
        for text in ["main", "origin/main", "v1.2.3", "HEAD~3", "HEAD^", "@{upstream}", "0123abcd"] {
            assert!(text.parse::<GitRef>().is_ok(), "{text:?}");
        }
    }
}
