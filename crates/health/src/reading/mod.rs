//! What another service says of itself in the body of a health answer.

mod body;
mod checks;
#[cfg(test)]
mod tests;
mod whole;

use serde::Serialize;

use self::body::Body;
use crate::page::Format;
use crate::text::is_printable;

/// A larger body is none of these forms: a report on two hundred checks takes a tenth of it.
const LARGEST: usize = 256 * 1_024;
/// The most checks that are read.
const MOST: usize = 200;
/// The most characters of a name or a class that are kept.
const LONGEST: usize = 80;

/// What a service says of itself.
///
/// Foreign text: names and classes are made printable, on one line and short, and however large or twisted a body is,
/// reading it takes little. It says nothing about the HTTP status, which is what counts.
///
/// ```
/// # use handover_health::{Reading, Said};
/// let body = br#"{"status":"not_ready","checks":{"api":"ok","database":"error"}}"#;
/// let reading = Reading::parse(Some("application/json"), body).expect("a known form");
/// assert_eq!((reading.said, reading.checks[1].said), (Said::Unwell, Said::Unwell));
/// assert_eq!(reading.checks[1].name, "database");
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Reading {
    /// In which form it is said.
    pub format: Format,
    /// What is said of the whole.
    pub said: Said,
    /// What is said of each part, in the order of the body.
    pub checks: Vec<CheckReading>,
    /// How many more there were than are read.
    pub left_out: usize,
}

/// What is said of one part.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct CheckReading {
    /// Its name.
    pub name: String,
    /// How it is.
    pub said: Said,
    /// Why it is not well, where that is told.
    pub class: Option<String>,
}

/// How a service, or a part of one, says that it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Said {
    /// Well.
    Well,
    /// Something is not well that can be done without for now.
    Degraded,
    /// Not yet ready.
    Starting,
    /// Not well.
    Unwell,
    /// It does not know, or says it in no known word.
    Unknown,
}

impl Said {
    /// As one word.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Well => "well",
            Self::Degraded => "degraded",
            Self::Starting => "starting",
            Self::Unwell => "unwell",
            Self::Unknown => "unknown",
        }
    }
}

impl Reading {
    /// Reads a body of one of these forms: the JSON of this crate's endpoints (`{"status": …, "checks": {"database":
    /// "ok"}}`), `application/health+json`, `MicroProfile` Health. `None` for any other; a media type that is not JSON is
    /// believed.
    pub fn parse(content_type: Option<&str>, body: &[u8]) -> Option<Self> {
        if body.len() > LARGEST || !content_type.is_none_or(is_json) {
            return None;
        }
        let body: Body = serde_json::from_slice(body).ok()?;
        let format = body.format(content_type)?;
        let (checks, left_out) = checks::of(&body, format);
        Some(Self { format, said: whole::said(&body, format, &checks), checks, left_out })
    }
}

fn is_json(content_type: &str) -> bool {
    let media = content_type.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    media.ends_with("/json") || media.ends_with("+json")
}

/// Short, and fit for a terminal.
fn tidy(text: &str) -> String {
    let mut kept: String =
        text.chars().take(LONGEST).map(|c| if is_printable(c) { c } else { ' ' }).collect();
    if text.chars().nth(LONGEST).is_some() {
        kept.push('…');
    }
    kept.trim().to_owned()
}
