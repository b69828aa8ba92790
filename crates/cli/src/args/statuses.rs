use std::ops::RangeInclusive;
use std::str::FromStr;

/// HTTP statuses: one, a range, or a class.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Statuses(RangeInclusive<u16>);

impl Statuses {
    /// The range of them.
    pub(crate) fn range(&self) -> RangeInclusive<u16> {
        self.0.clone()
    }
}

impl FromStr for Statuses {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let refuse = || format!("{text:?} is not a status such as 200, 200-299 or 2xx");
        let (first, last) = if let Some(class) = text.strip_suffix("xx") {
            (format!("{class}00"), format!("{class}99"))
        } else {
            let (first, last) = text.split_once('-').unwrap_or((text, text));
            (first.to_owned(), last.to_owned())
        };
        let status = |digits: &str| digits.parse().ok().filter(|status| (200..=599).contains(status));
        match (status(&first), status(&last)) {
            (Some(first), Some(last)) if first <= last => Ok(Self(first..=last)),
            _ => Err(refuse()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_status_a_range_or_a_class() {
        for (text, range) in [("204", 204..=204), ("200-299", 200..=299), ("5xx", 500..=599)] {
            assert_eq!(text.parse(), Ok(Statuses(range)), "{text}");
        }
        for text in ["", "99", "600", "6xx", "xx", "299-200", "-200", "200-", "2xx-3xx", "ok"] {
            assert!(text.parse::<Statuses>().is_err(), "{text}");
        }
    }
}
