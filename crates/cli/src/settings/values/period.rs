use std::fmt;
use std::str::FromStr;
use std::time::Duration;

use super::text::{BadValue, text_value};

/// Nobody means a longer one; `"30d"` where `"30s"` was meant is found here.
const LONGEST: Duration = Duration::from_hours(30 * 24);

/// A time that must be more than none: a limit, an interval. At most 30 days.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Period(Duration);

impl Period {
    /// A default of the settings.
    pub(in crate::settings) const fn new(time: Duration) -> Self {
        Self(time)
    }

    /// The time itself.
    pub(crate) const fn get(self) -> Duration {
        self.0
    }
}

impl FromStr for Period {
    type Err = BadValue;

    fn from_str(text: &str) -> Result<Self, BadValue> {
        match parse(text)? {
            Duration::ZERO => Err(BadValue::new(text, "is no time at all")),
            time => Ok(Self(time)),
        }
    }
}

impl fmt::Display for Period {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        humantime::format_duration(self.0).fmt(f)
    }
}

text_value!(Period, expects "a duration such as \"30s\"", matches r"^[0-9]+ *[a-zµ]+( *[0-9]+ *[a-zµ]+)*$");

/// A time that may be none: a wait one can do without. At most 30 days.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Pause(Duration);

impl Pause {
    /// A default of the settings.
    pub(in crate::settings) const fn new(time: Duration) -> Self {
        Self(time)
    }

    /// The time itself.
    pub(crate) const fn get(self) -> Duration {
        self.0
    }
}

impl FromStr for Pause {
    type Err = BadValue;

    fn from_str(text: &str) -> Result<Self, BadValue> {
        parse(text).map(Self)
    }
}

impl fmt::Display for Pause {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        humantime::format_duration(self.0).fmt(f)
    }
}

text_value!(Pause, expects "a duration such as \"30s\"", matches r"^[0-9]+ *[a-zµ]+( *[0-9]+ *[a-zµ]+)*$");

fn parse(text: &str) -> Result<Duration, BadValue> {
    let refuse = |why| Err(BadValue::new(text, why));
    let trimmed = text.trim();
    match humantime::parse_duration(trimmed) {
        Ok(time) if time > LONGEST => refuse("is longer than 30 days"),
        Ok(time) => Ok(time),
        Err(_) if trimmed.starts_with('-') => refuse("is negative"),
        Err(_) if trimmed.bytes().all(|b| b.is_ascii_digit()) && !trimmed.is_empty() => {
            refuse("has no unit; \"30s\", \"5m\" and \"250ms\" have one")
        }
        Err(humantime::DurationError::NumberOverflow) => refuse("is longer than 30 days"),
        Err(_) => refuse("is not a duration such as \"250ms\", \"30s\" or \"5m\""),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn absurd_times_say_what_is_wrong_with_them() {
        let said = |text: &str| text.parse::<Period>().unwrap_err().to_string();
        insta::assert_snapshot!(said("0s"), @r#""0s" is no time at all"#);
        insta::assert_snapshot!(said("-5s"), @r#""-5s" is negative"#);
        insta::assert_snapshot!(said("31d"), @r#""31d" is longer than 30 days"#);
        insta::assert_snapshot!(said("99999999999999999999d"), @r#""99999999999999999999d" is longer than 30 days"#);
        insta::assert_snapshot!(said("5"), @r#""5" has no unit; "30s", "5m" and "250ms" have one"#);
        insta::assert_snapshot!(said("soon"), @r#""soon" is not a duration such as "250ms", "30s" or "5m""#);
        insta::assert_snapshot!(said(""), @r#""" is not a duration such as "250ms", "30s" or "5m""#);
    }

    #[test]
    fn ordinary_times_read_back_as_they_are_written() {
        for (text, millis) in
            [("250ms", 250), ("30s", 30_000), ("5m", 300_000), ("1h 30m", 5_400_000), ("30d", 2_592_000_000)]
        {
            let period = text.parse::<Period>().unwrap();
            assert_eq!(period.get(), Duration::from_millis(millis));
            assert_eq!(period.to_string().parse(), Ok(period));
        }
    }

    #[test]
    fn only_a_pause_may_be_nothing() {
        assert_eq!("0s".parse(), Ok(Pause(Duration::ZERO)));
        assert!("31d".parse::<Pause>().is_err());
    }
}
