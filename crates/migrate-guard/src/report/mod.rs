//! A report as text, JSON, SARIF, annotations, code quality and `JUnit`.
//!
//! Every format is written from the same [`Report`], deterministic byte for byte. What comes from a migration is made safe
//! for where it goes: control characters and changes of the reading direction are escapes in text, markup is escaped.

mod fingerprint;
#[cfg(test)]
mod fixture;
mod github;
mod gitlab;
mod json;
mod junit;
mod merged;
mod page;
mod safe;
mod sarif;
mod tally;
#[cfg(test)]
mod tests;
mod text;

use std::fmt;
use std::io::{self, Write};
use std::str::FromStr;

use crate::linter::Report;
pub use github::github;
pub use gitlab::gitlab;
pub use json::json;
pub use junit::junit;
pub use sarif::sarif;
pub use tally::Summary;
pub use text::{Ink, TextOptions, text};

/// What a report is written as.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Format {
    /// For people, with the SQL.
    #[default]
    Text,
    /// For programs: `docs/lint.schema.json`.
    Json,
    /// SARIF 2.1.0.
    Sarif,
    /// Annotations of GitHub Actions.
    Github,
    /// Code quality of GitLab.
    Gitlab,
    /// `JUnit` XML.
    Junit,
}

impl Format {
    /// Every format.
    pub const ALL: [Self; 6] = [Self::Text, Self::Json, Self::Sarif, Self::Github, Self::Gitlab, Self::Junit];

    /// As it is spelt on a command line.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Text => "text",
            Self::Json => "json",
            Self::Sarif => "sarif",
            Self::Github => "github",
            Self::Gitlab => "gitlab",
            Self::Junit => "junit",
        }
    }

    /// Writes the report so; the options are those of text.
    ///
    /// # Errors
    ///
    /// What `to` says.
    pub fn write(self, report: &Report, options: &TextOptions<'_>, to: &mut dyn Write) -> io::Result<()> {
        match self {
            Self::Text => text(report, options, to),
            Self::Json => json(report, to),
            Self::Sarif => sarif(report, to),
            Self::Github => github(report, to),
            Self::Gitlab => gitlab(report, to),
            Self::Junit => junit(report, to),
        }
    }
}

impl fmt::Display for Format {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

/// A name that is no format's.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is not a format; there are text, json, sarif, github, gitlab and junit")]
pub struct UnknownFormat(String);

impl FromStr for Format {
    type Err = UnknownFormat;

    fn from_str(name: &str) -> Result<Self, Self::Err> {
        let found = Self::ALL.into_iter().find(|format| format.name() == name);
        found.ok_or_else(|| UnknownFormat(name.to_owned()))
    }
}
