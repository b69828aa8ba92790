use std::fmt;
use std::str::FromStr;

use super::period::Period;
use super::text::{BadValue, text_value};

/// What bounds the wait for a lock, besides the migrations themselves: a time, and where it is set if somebody says so.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct LockTimeout(String);

/// Enough for a time and where it is set.
const LONGEST: usize = 120;

impl LockTimeout {
    /// The words.
    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for LockTimeout {
    type Err = BadValue;

    fn from_str(text: &str) -> Result<Self, BadValue> {
        let refuse = |why| Err(BadValue::new(text, why));
        let trimmed = text.trim();
        if trimmed.chars().count() > LONGEST || trimmed.chars().any(char::is_control) {
            return refuse("is more than a time and where it is set");
        }
        let time = trimmed.split([',', ';', '(']).next().unwrap_or_default().trim();
        match time.parse::<Period>() {
            Ok(_) => Ok(Self(trimmed.to_owned())),
            Err(_) if matches!(time, "0" | "0s" | "0ms" | "0min") => {
                refuse("bounds nothing: to PostgreSQL 0 is no limit")
            }
            Err(_) => refuse("does not begin with a time, as \"5s\" and \"5s, set for the role\" do"),
        }
    }
}

impl fmt::Display for LockTimeout {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

text_value!(LockTimeout, expects "a time, and where it is set, such as \"5s, set for the role\"", matches r"^ *[0-9]+ *[a-z]+");

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bound_is_a_time_and_may_say_where_it_is_set() {
        for text in ["5s", "250ms", "1min", "5s, set for the role", "2 s (ALTER DATABASE)"] {
            assert_eq!(text.parse::<LockTimeout>().unwrap().as_str(), text);
        }
    }

    #[test]
    fn what_bounds_nothing_says_so() {
        let said = |text: &str| text.parse::<LockTimeout>().unwrap_err().to_string();
        insta::assert_snapshot!(said("0"), @r#""0" bounds nothing: to PostgreSQL 0 is no limit"#);
        insta::assert_snapshot!(said("the role's"), @r#""the role's" does not begin with a time, as "5s" and "5s, set for the role" do"#);
        insta::assert_snapshot!(said("99d"), @r#""99d" does not begin with a time, as "5s" and "5s, set for the role" do"#);
        insta::assert_snapshot!(said("5s\u{1b}[31m"), @r#""5s\u{1b}[31m" is more than a time and where it is set"#);
    }
}
