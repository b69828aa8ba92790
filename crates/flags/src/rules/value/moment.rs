use std::fmt;
use std::str::FromStr;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use serde::{Deserialize, Serialize};

/// A moment, written as RFC 3339 has it: `2026-01-31T13:00:00Z`, `2026-01-31T14:00:00.250+01:00`.
///
/// Shown in UTC. Fractions of a second are kept to the nanosecond; a leap second is the one after it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize, Serialize)]
#[serde(try_from = "String", into = "String")]
pub struct Moment {
    /// Since 1970, before it below zero.
    seconds: i64,
    nanos: u32,
}

/// A text that is no [`Moment`].
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("this is not a date such as \"2026-01-31T13:00:00Z\"")]
#[non_exhaustive]
pub struct NotAMoment;

const DAY: i64 = 86_400;

impl From<SystemTime> for Moment {
    fn from(time: SystemTime) -> Self {
        let whole = |since: Duration| i64::try_from(since.as_secs()).unwrap_or(i64::MAX);
        match time.duration_since(UNIX_EPOCH) {
            Ok(since) => Self { seconds: whole(since), nanos: since.subsec_nanos() },
            Err(before) if before.duration().subsec_nanos() == 0 => {
                Self { seconds: -whole(before.duration()), nanos: 0 }
            }
            Err(before) => {
                let nanos = 1_000_000_000 - before.duration().subsec_nanos();
                Self { seconds: (-whole(before.duration())).saturating_sub(1), nanos }
            }
        }
    }
}

impl FromStr for Moment {
    type Err = NotAMoment;

    fn from_str(text: &str) -> Result<Self, NotAMoment> {
        read(text).ok_or(NotAMoment)
    }
}

/// `None` for what is no date.
fn read(text: &str) -> Option<Moment> {
    let (fixed, rest) = text.as_bytes().split_at_checked(19)?;
    let [y0, y1, y2, y3, b'-', m0, m1, b'-', d0, d1, b'T' | b't' | b' ', clock @ ..] = fixed else {
        return None;
    };
    let [h0, h1, b':', n0, n1, b':', s0, s1] = clock else { return None };
    let (year, month, day) = (number(&[*y0, *y1, *y2, *y3])?, number(&[*m0, *m1])?, number(&[*d0, *d1])?);
    let (hour, minute, second) = (number(&[*h0, *h1])?, number(&[*n0, *n1])?, number(&[*s0, *s1])?);
    let fits = (1..=12).contains(&month) && (1..=days_in(year, month)).contains(&day);
    let (nanos, zone) = fraction(rest)?;
    let ahead = offset(zone)?;
    let seconds = days_before(year, month, day) * DAY + hour * 3_600 + minute * 60 + second - ahead;
    (fits && hour < 24 && minute < 60 && second <= 60).then_some(Moment { seconds, nanos })
}

fn number(digits: &[u8]) -> Option<i64> {
    digits
        .iter()
        .try_fold(0, |number, digit| digit.is_ascii_digit().then(|| number * 10 + i64::from(digit - b'0')))
}

/// Nanoseconds, and what follows them; digits after the ninth do not count.
fn fraction(text: &[u8]) -> Option<(u32, &[u8])> {
    let Some(digits) = text.strip_prefix(b".") else { return Some((0, text)) };
    let count = digits.iter().take_while(|byte| byte.is_ascii_digit()).count();
    let digit = |at: usize| digits[..count].get(at).map_or(0, |digit| u32::from(digit - b'0'));
    let nanos = (0..9).fold(0, |nanos, at| nanos * 10 + digit(at));
    (count > 0).then_some((nanos, &digits[count..]))
}

/// How many seconds the clock is ahead of UTC.
fn offset(zone: &[u8]) -> Option<i64> {
    match zone {
        b"Z" | b"z" => Some(0),
        [sign @ (b'+' | b'-'), h0, h1, b':', m0, m1] => {
            let (hours, minutes) = (number(&[*h0, *h1])?, number(&[*m0, *m1])?);
            let ahead = hours * 3_600 + minutes * 60;
            (hours < 24 && minutes < 60).then_some(if *sign == b'+' { ahead } else { -ahead })
        }
        _ => None,
    }
}

fn days_in(year: i64, month: i64) -> i64 {
    match month {
        4 | 6 | 9 | 11 => 30,
        2 if year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) => 29,
        2 => 28,
        _ => 31,
    }
}

/// Days from 1970 to a day of the Gregorian calendar, counting years from March so that leap days come last.
fn days_before(year: i64, month: i64, day: i64) -> i64 {
    let year = if month <= 2 { year - 1 } else { year };
    let month = (month + 9) % 12;
    let in_year = (153 * month + 2) / 5 + day - 1;
    365 * year + year.div_euclid(4) - year.div_euclid(100) + year.div_euclid(400) + in_year - 719_468
}

/// The reverse of [`days_before`]: year, month and day.
fn date_of(days: i64) -> (i64, i64, i64) {
    let days = days + 719_468;
    let (era, day) = (days.div_euclid(146_097), days.rem_euclid(146_097));
    let year = (day - day / 1_460 + day / 36_524 - day / 146_096) / 365;
    let day = day - (365 * year + year / 4 - year / 100);
    let month = (5 * day + 2) / 153;
    let (calendar, next) = (if month < 10 { month + 3 } else { month - 9 }, i64::from(month >= 10));
    (era * 400 + year + next, calendar, day - (153 * month + 2) / 5 + 1)
}

impl fmt::Display for Moment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (year, month, day) = date_of(self.seconds.div_euclid(DAY));
        let clock = self.seconds.rem_euclid(DAY);
        let (hour, minute, second) = (clock / 3_600, clock / 60 % 60, clock % 60);
        write!(f, "{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}")?;
        if self.nanos > 0 {
            write!(f, ".{}", format!("{:09}", self.nanos).trim_end_matches('0'))?;
        }
        f.write_str("Z")
    }
}

impl TryFrom<String> for Moment {
    type Error = NotAMoment;

    fn try_from(text: String) -> Result<Self, NotAMoment> {
        text.parse()
    }
}

impl From<Moment> for String {
    fn from(moment: Moment) -> Self {
        moment.to_string()
    }
}

#[cfg(test)]
mod tests;
