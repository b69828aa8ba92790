use std::fmt;
use std::str::FromStr;

use super::text::{BadValue, text_value};

const UNITS: [(&str, u64); 7] = [
    ("GiB", 1 << 30),
    ("MiB", 1 << 20),
    ("KiB", 1 << 10),
    ("GB", 1_000_000_000),
    ("MB", 1_000_000),
    ("KB", 1_000),
    ("B", 1),
];

/// A number of bytes, at least one, at most 1,000 GB.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Size(u64);

impl Size {
    const LARGEST: u64 = 1_000_000_000_000;

    /// A default of the settings.
    pub(in crate::settings) const fn from_bytes(bytes: u64) -> Self {
        Self(bytes)
    }

    /// The number of bytes.
    pub(crate) const fn bytes(self) -> u64 {
        self.0
    }
}

impl FromStr for Size {
    type Err = BadValue;

    fn from_str(text: &str) -> Result<Self, BadValue> {
        let refuse = |why| BadValue::new(text, why);
        let number = text.trim().trim_end_matches(|c: char| c.is_ascii_alphabetic());
        let unit = &text.trim()[number.len()..];
        let known = UNITS.iter().find(|(name, _)| name.eq_ignore_ascii_case(unit));
        let (Some((_, factor)), Ok(count)) = (known, number.trim_end().parse::<u64>()) else {
            return Err(refuse("is not a size such as \"64KB\", \"10MB\" or \"1GiB\""));
        };
        match count.saturating_mul(*factor) {
            0 => Err(refuse("is nothing at all")),
            bytes if bytes > Self::LARGEST => Err(refuse("is more than 1000GB")),
            bytes => Ok(Self(bytes)),
        }
    }
}

impl fmt::Display for Size {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let exact = UNITS.iter().find(|(_, factor)| self.0.is_multiple_of(*factor));
        let (unit, factor) = exact.unwrap_or(&("B", 1));
        write!(f, "{}{unit}", self.0 / factor)
    }
}

text_value!(Size, expects "a size such as \"10MB\"", matches r"^[0-9]+ *[KMGkmg]?[iI]?[Bb]$");

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_read_back_as_they_are_written() {
        for (text, bytes) in [("10MB", 10_000_000), ("1 KiB", 1_024), ("1gib", 1 << 30), ("7b", 7)] {
            let size = text.parse::<Size>().unwrap();
            assert_eq!(size.bytes(), bytes);
            assert_eq!(size.to_string().parse(), Ok(size));
        }
    }

    #[test]
    fn absurd_sizes_say_what_is_wrong_with_them() {
        let said = |text: &str| text.parse::<Size>().unwrap_err().to_string();
        insta::assert_snapshot!(said("10"), @r#""10" is not a size such as "64KB", "10MB" or "1GiB""#);
        insta::assert_snapshot!(said("-1MB"), @r#""-1MB" is not a size such as "64KB", "10MB" or "1GiB""#);
        insta::assert_snapshot!(said("0MB"), @r#""0MB" is nothing at all"#);
        insta::assert_snapshot!(said("99999999999999GiB"), @r#""99999999999999GiB" is more than 1000GB"#);
    }
}
