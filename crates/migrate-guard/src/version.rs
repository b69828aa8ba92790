use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// A major version of PostgreSQL that the rules know.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "u16", into = "u16")]
pub struct PgVersion(u16);

/// A version that the rules do not know.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("PostgreSQL {0} is not among the versions that are known, 12 to 18")]
pub struct UnknownVersion(String);

impl PgVersion {
    /// The oldest that is known.
    pub const OLDEST: Self = Self(12);
    /// The newest that is known.
    pub const NEWEST: Self = Self(18);

    /// That major version.
    ///
    /// # Errors
    ///
    /// [`UnknownVersion`] outside 12 to 18.
    pub fn new(major: u16) -> Result<Self, UnknownVersion> {
        let known = (Self::OLDEST.0..=Self::NEWEST.0).contains(&major);
        if known { Ok(Self(major)) } else { Err(UnknownVersion(major.to_string())) }
    }

    /// Its number.
    pub const fn major(self) -> u16 {
        self.0
    }

    /// Whether it is `major` or newer.
    pub const fn at_least(self, major: u16) -> bool {
        self.0 >= major
    }
}

impl Default for PgVersion {
    /// 15: the oldest that the most common hosts still offer for new databases.
    fn default() -> Self {
        Self(15)
    }
}

impl fmt::Display for PgVersion {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl FromStr for PgVersion {
    type Err = UnknownVersion;

    /// `15`, `15.4`.
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let major = text.split('.').next().unwrap_or_default();
        let number = major.parse().map_err(|_| UnknownVersion(text.to_owned()))?;
        Self::new(number)
    }
}

impl TryFrom<u16> for PgVersion {
    type Error = UnknownVersion;

    fn try_from(major: u16) -> Result<Self, Self::Error> {
        Self::new(major)
    }
}

impl From<PgVersion> for u16 {
    fn from(version: PgVersion) -> Self {
        version.0
    }
}
