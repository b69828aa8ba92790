use std::fmt;
use std::str::FromStr;

use super::text::{BadValue, text_value};

/// A query that is asked for each release.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Query(String);

impl Query {
    /// The query for this release in this slot.
    pub(crate) fn of(&self, release: &str, slot: &str) -> String {
        self.0.replace("{release}", release).replace("{slot}", slot)
    }
}

impl FromStr for Query {
    type Err = BadValue;

    fn from_str(text: &str) -> Result<Self, BadValue> {
        if text.contains("{release}") || text.contains("{slot}") {
            return Ok(Self(text.to_owned()));
        }
        Err(BadValue::new(text, "has neither `{release}` nor `{slot}`, so both releases would be the same"))
    }
}

impl fmt::Display for Query {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

text_value!(Query, expects "a query such as \"http_requests_total{release=\\\"{release}\\\"}\"", matches r"\{(release|slot)\}");
