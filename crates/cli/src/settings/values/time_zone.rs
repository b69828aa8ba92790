use std::fmt;
use std::str::FromStr;

use handover_migrate_guard::TimeZone;

use super::text::{BadValue, text_value};

/// What PostgreSQL knows as UTC without a difference at any time, in lower case: there `timestamp` and `timestamptz` are
/// the same bytes.
const UTC: [&str; 12] =
    ["utc", "uct", "gmt", "gmt0", "gmt+0", "gmt-0", "universal", "zulu", "greenwich", "z", "0", "+00:00"];

/// The longest name is `America/Argentina/ComodRivadavia`.
const LONGEST: usize = 40;

/// The name of a time zone, as PostgreSQL's `TimeZone` takes it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct ZoneName(String);

impl ZoneName {
    /// What matters of it.
    pub(crate) fn kind(&self) -> TimeZone {
        let name = self.0.to_ascii_lowercase();
        let name = name.strip_prefix("etc/").unwrap_or(&name);
        if UTC.contains(&name) { TimeZone::Utc } else { TimeZone::Other }
    }
}

impl FromStr for ZoneName {
    type Err = BadValue;

    fn from_str(text: &str) -> Result<Self, BadValue> {
        let fits = |byte: u8| byte.is_ascii_alphanumeric() || b"/_+-:<>,.".contains(&byte);
        if text.is_empty() || text.len() > LONGEST || !text.bytes().all(fits) {
            return Err(BadValue::new(
                text,
                "is not the name of a time zone such as \"UTC\" or \"Europe/Berlin\"",
            ));
        }
        Ok(Self(text.to_owned()))
    }
}

impl fmt::Display for ZoneName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

text_value!(ZoneName, expects "the name of a time zone such as \"UTC\"", matches r"^[A-Za-z0-9/_+:<>,.-]{1,40}$");

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_zones_that_never_differ_from_utc_are_utc() {
        let kind = |name: &str| name.parse::<ZoneName>().unwrap().kind();
        for name in ["UTC", "Etc/UTC", "GMT", "zulu", "Etc/GMT+0", "+00:00"] {
            assert_eq!(kind(name), TimeZone::Utc, "{name}");
        }
        for name in ["Europe/London", "Africa/Abidjan", "Etc/GMT+1", "UTC+1", "Etc"] {
            assert_eq!(kind(name), TimeZone::Other, "{name}");
        }
    }

    #[test]
    fn what_is_no_name_is_refused() {
        for name in ["", "UTC; DROP TABLE x", "\u{1b}[31m", "Europe/Berlin\n", &"x".repeat(41)] {
            assert!(name.parse::<ZoneName>().is_err(), "{name:?}");
        }
    }
}
