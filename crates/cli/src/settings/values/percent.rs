use std::fmt;
use std::str::FromStr;

use super::text::{BadValue, text_value};

/// 100 % in basis points.
const WHOLE: u16 = 10_000;

/// A share of the traffic: above nothing, below everything, in steps of 0.01 %.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Weight(u16);

impl Weight {
    /// This many basis points; the caller knows that they are within 1 and 9,999.
    pub(in crate::settings) const fn from_bps(bps: u16) -> Self {
        Self(bps)
    }

    /// The share in basis points, 1 to 9,999.
    pub(crate) const fn bps(self) -> u16 {
        self.0
    }
}

impl FromStr for Weight {
    type Err = BadValue;

    fn from_str(text: &str) -> Result<Self, BadValue> {
        match parse_bps(text)? {
            0 => Err(BadValue::new(text, "would send nothing; the smallest weight is \"0.01%\"")),
            WHOLE => Err(BadValue::new(text, "is where every strategy ends by itself; leave this step out")),
            bps => Ok(Self(bps)),
        }
    }
}

impl fmt::Display for Weight {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write_percent(self.0, f)
    }
}

text_value!(Weight, expects "a share such as \"10%\"", matches r"^[0-9]+(\.[0-9]+)?%$");

/// A share of requests, from nothing up to but not including all, in steps of 0.01 %.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Rate(u16);

impl Rate {
    /// This many basis points; the caller knows that they are below 10,000.
    pub(in crate::settings) const fn from_bps(bps: u16) -> Self {
        Self(bps)
    }

    /// The share as a number from 0 to 1.
    pub(crate) fn share(self) -> f64 {
        f64::from(self.0) / f64::from(WHOLE)
    }
}

impl FromStr for Rate {
    type Err = BadValue;

    fn from_str(text: &str) -> Result<Self, BadValue> {
        match parse_bps(text)? {
            WHOLE => Err(BadValue::new(text, "can never be exceeded, so nothing would be judged")),
            bps => Ok(Self(bps)),
        }
    }
}

impl fmt::Display for Rate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write_percent(self.0, f)
    }
}

text_value!(Rate, expects "a share such as \"5%\"", matches r"^[0-9]+(\.[0-9]+)?%$");

/// Exact: no share passes through a floating-point number.
fn parse_bps(text: &str) -> Result<u16, BadValue> {
    let no_percentage = || BadValue::new(text, "is not a percentage such as \"10%\"");
    let digits = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit());
    let Some(number) = text.trim().strip_suffix('%').map(str::trim_end) else {
        let bare = digits(text.trim());
        return Err(if bare { BadValue::new(text, "has no percent sign") } else { no_percentage() });
    };
    let (whole, fraction) = number.split_once('.').unwrap_or((number, "0"));
    if !digits(whole) || !digits(fraction) {
        return Err(no_percentage());
    }
    let fraction = fraction.trim_end_matches('0');
    if fraction.len() > 2 {
        return Err(BadValue::new(text, "is finer than 0.01 %"));
    }
    let hundredths = format!("{fraction:0<2}").parse::<u64>().map_err(|_| no_percentage())?;
    let whole = whole.parse::<u64>().unwrap_or(u64::MAX);
    let bps = whole.saturating_mul(100).saturating_add(hundredths);
    match u16::try_from(bps) {
        Ok(bps) if bps <= WHOLE => Ok(bps),
        _ => Err(BadValue::new(text, "is more than the whole")),
    }
}

fn write_percent(bps: u16, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    match (bps / 100, bps % 100) {
        (whole, 0) => write!(f, "{whole}%"),
        (whole, part) if part % 10 == 0 => write!(f, "{whole}.{}%", part / 10),
        (whole, part) => write!(f, "{whole}.{part:02}%"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_weight_reads_back_as_it_is_written() {
        for bps in 1..WHOLE {
            let weight = Weight(bps);
            assert_eq!(weight.to_string().parse(), Ok(weight));
        }
    }

    #[test]
    fn absurd_shares_say_what_is_wrong_with_them() {
        let said = |text: &str| text.parse::<Weight>().unwrap_err().to_string();
        insta::assert_snapshot!(said("0%"), @r#""0%" would send nothing; the smallest weight is "0.01%""#);
        insta::assert_snapshot!(said("100%"), @r#""100%" is where every strategy ends by itself; leave this step out"#);
        insta::assert_snapshot!(said("150%"), @r#""150%" is more than the whole"#);
        insta::assert_snapshot!(said("99999999999999999999999%"), @r#""99999999999999999999999%" is more than the whole"#);
        insta::assert_snapshot!(said("ten"), @r#""ten" is not a percentage such as "10%""#);
        insta::assert_snapshot!(said("10"), @r#""10" has no percent sign"#);
        insta::assert_snapshot!(said("-5%"), @r#""-5%" is not a percentage such as "10%""#);
        insta::assert_snapshot!(said("1e1%"), @r#""1e1%" is not a percentage such as "10%""#);
        insta::assert_snapshot!(said("%"), @r#""%" is not a percentage such as "10%""#);
        insta::assert_snapshot!(said("10.001%"), @r#""10.001%" is finer than 0.01 %"#);
        insta::assert_snapshot!(said("\u{1b}[2J%"), @r#""\u{1b}[2J%" is not a percentage such as "10%""#);
    }

    #[test]
    fn shares_are_read_to_the_basis_point() {
        for (text, bps) in
            [("10%", 1_000), ("0.01%", 1), ("33.30%", 3_330), (" 99.99 % ", 9_999), ("1.50000%", 150)]
        {
            assert_eq!(text.parse(), Ok(Weight(bps)), "{text}");
        }
    }

    #[test]
    fn an_error_rate_may_be_nothing_but_not_everything() {
        assert!("0%".parse::<Rate>().is_ok_and(|rate| rate.share() == 0.0));
        let all = "100%".parse::<Rate>().unwrap_err();
        insta::assert_snapshot!(all, @r#""100%" can never be exceeded, so nothing would be judged"#);
    }
}
