use std::fmt;
use std::str::FromStr;

use handover_migrate_guard::TimeZone;

use super::text::{BadValue, text_value};
use crate::settings::nearest;

/// What PostgreSQL knows as UTC without a difference at any time, in lower case: there `timestamp` and `timestamptz` are
/// the same bytes.
const UTC: [&str; 11] =
    ["utc", "uct", "gmt", "gmt0", "gmt+0", "gmt-0", "universal", "zulu", "greenwich", "0", "+00:00"];

/// The names of the IANA database, those of former days too, a line each: PostgreSQL is built with all of them.
const NAMES: &str = include_str!("zones.txt");

/// The longest name is `America/Argentina/ComodRivadavia`.
const LONGEST: usize = 40;

/// As in `AEST`.
const LONGEST_ABBREVIATION: usize = 5;

/// The name of a time zone, as PostgreSQL's `TimeZone` takes it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct ZoneName(String);

impl ZoneName {
    /// One that a server goes by, and therefore knows.
    pub(crate) fn of_server(text: &str) -> Option<Self> {
        is_plain(text).then(|| Self(text.to_owned()))
    }

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
        if !is_plain(text) {
            return Err(BadValue::new(
                text,
                "is not the name of a time zone such as \"UTC\" or \"Europe/Berlin\"",
            ));
        }
        if is_known(text) || is_offset(text) { Ok(Self(text.to_owned())) } else { Err(unknown(text)) }
    }
}

fn is_plain(text: &str) -> bool {
    let fits = |byte: u8| byte.is_ascii_alphanumeric() || b"/_+-:<>,.".contains(&byte);
    !text.is_empty() && text.len() <= LONGEST && text.bytes().all(fits)
}

fn is_known(text: &str) -> bool {
    NAMES.lines().any(|name| name.eq_ignore_ascii_case(text))
}

/// Hours, or a rule as POSIX writes it: what has a number in it, PostgreSQL takes for one of the two (`pg_tzset`).
fn is_offset(text: &str) -> bool {
    text.bytes().any(|byte| byte.is_ascii_digit())
}

fn unknown(text: &str) -> BadValue {
    let more = meant(text).map_or_else(
        || "; write \"UTC\", or one such as \"Europe/Berlin\"".to_owned(),
        |name| format!("; did you mean \"{name}\"?"),
    );
    BadValue::new(text, &format!("is no time zone that PostgreSQL knows{more}"))
}

/// The zone of a city without its continent, or the one a typing mistake away: of an abbreviation that is always another.
fn meant(text: &str) -> Option<&'static str> {
    let is_of = |name: &&str| name.rsplit('/').next().is_some_and(|city| city.eq_ignore_ascii_case(text));
    let near = || nearest(text, NAMES.lines()).filter(|_| text.len() > LONGEST_ABBREVIATION);
    NAMES.lines().find(is_of).or_else(near)
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
        for name in ["Europe/London", "Africa/Abidjan", "Etc/GMT+1", "UTC+1", "EST5EDT"] {
            assert_eq!(kind(name), TimeZone::Other, "{name}");
        }
    }

    #[test]
    fn what_is_no_name_is_refused() {
        for name in ["", "UTC; DROP TABLE x", "\u{1b}[31m", "Europe/Berlin\n", &"x".repeat(41)] {
            assert!(name.parse::<ZoneName>().is_err(), "{name:?}");
        }
    }

    #[test]
    fn a_zone_that_nobody_knows_is_answered_with_the_nearest() {
        let said = |name: &str| name.parse::<ZoneName>().unwrap_err().to_string();
        insta::assert_snapshot!(said("Europ/Berlin"), @r#""Europ/Berlin" is no time zone that PostgreSQL knows; did you mean "Europe/Berlin"?"#);
        insta::assert_snapshot!(said("berlin"), @r#""berlin" is no time zone that PostgreSQL knows; did you mean "Europe/Berlin"?"#);
        insta::assert_snapshot!(said("PST"), @r#""PST" is no time zone that PostgreSQL knows; write "UTC", or one such as "Europe/Berlin""#);
        insta::assert_snapshot!(said("z"), @r#""z" is no time zone that PostgreSQL knows; write "UTC", or one such as "Europe/Berlin""#);
    }

    /// Each was taken by `SET timezone` of PostgreSQL 15.
    #[test]
    fn what_postgresql_takes_is_taken() {
        for name in
            ["europe/berlin", "US/Eastern", "CET", "-7", "7.5", "+1:30", "<+03>-3", "EST5EDT,M3.2.0,M11.1.0"]
        {
            assert!(name.parse::<ZoneName>().is_ok(), "{name}");
        }
    }

    #[test]
    fn a_server_knows_its_zone() {
        assert_eq!(ZoneName::of_server("posix/Europe/Berlin").unwrap().kind(), TimeZone::Other);
        assert_eq!(ZoneName::of_server("\u{1b}"), None);
    }
}
